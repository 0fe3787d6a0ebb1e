"""PyTorch, eager, with its fused Adam; the data are tensors in memory."""

from seat import BATCH, latencies, mnist, serve, warm

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)


class Rows(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.out = nn.LSTM(28, 64, batch_first=True), nn.Linear(64, 10)

    def forward(self, x):
        return self.out(self.lstm(x.squeeze(1))[0][:, -1])


def dense():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


def convnet(first, second, side, padding, pools, flat):
    return nn.Sequential(
        *(nn.Conv2d(1, first, side, padding=padding), nn.ReLU(), nn.MaxPool2d(pools[0])),
        *(nn.Conv2d(first, second, side, padding=padding), nn.ReLU(), nn.MaxPool2d(pools[1])),
        *(nn.Flatten(), nn.Linear(flat, 10)),
    )


NETWORKS = {
    "W1": dense,
    "W1b": dense,
    "W2": lambda: convnet(32, 64, 3, 0, (2, 2), 1600),
    "W2b": lambda: convnet(8, 16, 5, 2, (2, 3), 256),
    "W3": Rows,
}


class Torch:
    def __init__(self):
        pictures, labels, test = mnist()
        self.x = torch.from_numpy(pictures).unsqueeze(1)
        self.y = torch.from_numpy(labels)
        self.test = torch.from_numpy(test).unsqueeze(1)
        self.trainings = {}

    def start(self, workload):
        model = NETWORKS[workload]()
        self.trainings[workload] = model, torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
        warm(lambda: self.train(workload, 4 * BATCH[workload]))

    def train(self, workload, samples):
        model, optimizer = self.trainings[workload]
        for chosen in torch.randperm(samples).split(BATCH[workload]):
            loss = F.cross_entropy(model(self.x[chosen]), self.y[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return loss.item()

    def predict(self, workload, count):
        model = NETWORKS[workload]().eval()
        with torch.inference_mode():
            return latencies(count, lambda i: F.softmax(model(self.test[i : i + 1]), 1).numpy())


serve(f"PyTorch {torch.__version__}, native", Torch())
