"""The public conformance test of kernels, told what our cells look like. Run by jupyterKernelTest.kernel.test.ts."""

import unittest

import jupyter_kernel_test
from jupyter_kernel_test import IopubWelcomeTests


class NumalabTests(jupyter_kernel_test.KernelTests):
    kernel_name = "numalab"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    completion_samples = [{"text": "conso", "matches": {"console"}}]
    complete_code_samples = ["1", "const a = 1", "function f() {}", "if (1) {\n}\n", "`x`"]
    incomplete_code_samples = ["function f(", "const a = {", "`x", "5 +", "if (1) {"]
    invalid_code_samples = ["function function", "const = 1", "1 2"]
    code_page_something = "page('help')"
    code_generate_error = "throw new Error('no')"
    code_execute_result = [
        {"code": "1 + 1", "result": "2"},
        {"code": "1 + 2", "result": "3"},
        {"code": "1 + 3", "result": "4"},
    ]
    code_display_data = [
        {"code": "display.html('<b>x</b>');", "mime": "text/html"},
        {"code": "display.svg('<svg/>');", "mime": "image/svg+xml"},
    ]
    code_history_pattern = "1?+?2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "console.log"
    code_clear_output = "clearOutput()"


class NumalabWelcomeTests(IopubWelcomeTests):
    kernel_name = "numalab"
    support_iopub_welcome = True


del IopubWelcomeTests

if __name__ == "__main__":
    unittest.main()
