import torch
x = (1,
print(x
