"""Policy gradients on a pole on a cart; with --critic, an actor-critic with two heads. One backward pass an episode."""
import argparse
import math
import random
from collections import deque

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from digits import checksum
from torch.distributions import Categorical

parser = argparse.ArgumentParser()
parser.add_argument("--gamma", type=float, default=0.99)
parser.add_argument("--episodes", type=int, default=25)
parser.add_argument("--critic", action="store_true")
args = parser.parse_args()
eps = 1e-6


class Cart:
    """Barto, Sutton & Anderson (1983): a pole of 1 m on a cart, pushed left or right 50 times a second."""

    def reset(self):
        self.state = [random.uniform(-0.05, 0.05) for _ in range(4)]
        return self.state

    def step(self, action):
        x, v, angle, spin = self.state
        force = 10.0 if action else -10.0
        push = (force + 0.05 * spin * spin * math.sin(angle)) / 1.1
        turn = (9.8 * math.sin(angle) - math.cos(angle) * push) / (0.5 * (4 / 3 - 0.1 * math.cos(angle) ** 2 / 1.1))
        pull = push - 0.05 * turn * math.cos(angle) / 1.1
        self.state = [x + 0.02 * v, v + 0.02 * pull, angle + 0.02 * spin, spin + 0.02 * turn]
        return self.state, 1.0, abs(self.state[0]) > 2.4 or abs(self.state[2]) > 0.2095


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.affine1 = nn.Linear(4, 64)
        self.dropout = nn.Dropout(p=0.6 if not args.critic else 0.0)
        self.action_head = nn.Linear(64, 2)
        self.value_head = nn.Linear(64, 1) if args.critic else None
        self.saved, self.rewards = [], []

    def forward(self, x):
        x = F.relu(self.dropout(self.affine1(x)))
        return F.softmax(self.action_head(x), dim=-1), self.value_head(x) if args.critic else None


def select_action(policy, state):
    probs, value = policy(torch.tensor(state, dtype=torch.float32))
    m = Categorical(probs)
    action = m.sample()
    policy.saved.append((m.log_prob(action), value))
    return action.item()


def finish_episode(policy, optimizer):
    R, returns = 0, deque()
    for r in policy.rewards[::-1]:
        R = r + args.gamma * R
        returns.appendleft(R)
    returns = torch.tensor(list(returns))
    returns = (returns - returns.mean()) / (returns.std() + eps)
    losses = []
    for (log_prob, value), R in zip(policy.saved, returns):
        advantage = R - value.item() if args.critic else R
        losses.append(-log_prob * advantage)
        if args.critic:
            losses.append(F.smooth_l1_loss(value, torch.tensor([R])))
    optimizer.zero_grad()
    loss = torch.stack([loss.reshape(()) for loss in losses]).sum()
    loss.backward()
    optimizer.step()
    del policy.rewards[:]
    del policy.saved[:]
    return loss.item()


def main():
    random.seed(543)
    torch.manual_seed(543)
    policy = Policy()
    optimizer = optim.Adam(policy.parameters(), lr=1e-2)
    env, running_reward = Cart(), 10
    for i_episode in range(1, args.episodes + 1):
        state, done = env.reset(), False
        while not done and len(policy.rewards) < 200:
            state, reward, done = env.step(select_action(policy, state))
            policy.rewards.append(reward)
        running_reward = 0.05 * len(policy.rewards) + 0.95 * running_reward
        print("Episode {}\tloss {:.4f}\tAverage reward: {:.2f}".format(i_episode, finish_episode(policy, optimizer), running_reward))
    print("weights", checksum(policy.state_dict()))


if __name__ == "__main__":
    main()
