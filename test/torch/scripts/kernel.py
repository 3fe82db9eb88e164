"""A real Jupyter kernel that is given cells, as an editor gives them. Prints what the cells printed."""
import sys

from jupyter_client.manager import start_new_kernel

CELLS = [
    "%load_ext gradlens",
    "import torch\nfrom torch import nn\ntorch.manual_seed(0)\nnet = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))",
    "optimizer = torch.optim.SGD(net.parameters(), lr=0.1)\nx = torch.randn(8, 3)",
    "for step in range(5):\n    optimizer.zero_grad()\n    net(x).square().mean().backward()\n    optimizer.step()\nprint('trained')",
    "net(torch.randn(1, 2))",
    "print('still here')",
]
manager, client = start_new_kernel(kernel_name="python3", startup_timeout=240, extra_arguments=["--HistoryManager.enabled=False"])
try:
    for cell in CELLS:
        told = lambda message: print(message["content"].get("text", message["content"].get("ename", "")).strip()) if message["msg_type"] in ("stream", "error") else None  # noqa: E731, E501
        # else the kernel drops what comes in the first moments after a cell that fails
        client.execute_interactive(cell, timeout=240, output_hook=told, stop_on_error=False)
finally:
    client.stop_channels()
    manager.shutdown_kernel()
    sys.stdout.flush()
