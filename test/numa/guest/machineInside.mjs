// Says what this machine is to a program in the surroundings that it was started in.
import { tellMachine } from "./machine.mjs";

await tellMachine();
