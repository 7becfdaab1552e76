/** The picture that JupyterLab shows for our kernels: three cores under a bar of shared memory, and the letters TS. */
export const logoSvg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">
  <rect width="64" height="64" rx="10" fill="#1f5fa8"/>
  <rect x="8" y="9" width="48" height="6" rx="2" fill="#bfe3d0"/>
  <g fill="#7cc4a4">
    <rect x="8" y="19" width="12" height="8" rx="2"/>
    <rect x="26" y="19" width="12" height="8" rx="2"/>
    <rect x="44" y="19" width="12" height="8" rx="2"/>
  </g>
  <g fill="none" stroke="#ffffff" stroke-width="4.5" stroke-linecap="round" stroke-linejoin="round">
    <path d="M12 36H30M21 36V56"/>
    <path d="M52 38C49 35 38 34.500 38 40.500C38 47 52 44.500 52 51C52 57.500 40 57 37 53.500"/>
  </g>
</svg>
`;
