"""Linear models by penalised likelihood: one minimiser for yes or no, for one of several, and for a degree."""

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

Floats: TypeAlias = NDArray[np.float64]
Loss: TypeAlias = Callable[[Floats], tuple[float, Floats]]
"""The loss of scores (rows by outputs), and its slope in each of them."""

STEPS_MAX: Final = 120


def yes_or_no(wanted: NDArray[np.bool_]) -> Loss:
    """Logistic loss."""
    sign = np.where(wanted, 1.0, -1.0)[:, None]

    def loss(scores: Floats) -> tuple[float, Floats]:
        margin = sign * scores
        slope: Floats = -sign / (1 + np.exp(np.clip(margin, -500, 500)))
        return float(np.logaddexp(0, -margin).sum()), slope

    return loss


def one_of(shares: Floats) -> Loss:
    """Cross-entropy to the weight that each row gives each class."""
    totals = shares.sum(axis=1, keepdims=True)

    def loss(scores: Floats) -> tuple[float, Floats]:
        logs = scores - scores.max(axis=1, keepdims=True)
        logs -= np.log(np.exp(logs).sum(axis=1, keepdims=True))
        return float(-(shares * logs).sum()), np.exp(logs) * totals - shares

    return loss


def degree(wanted: Floats) -> Loss:
    """Half the squared error."""

    def loss(scores: Floats) -> tuple[float, Floats]:
        apart = scores - wanted[:, None]
        return float(0.5 * (apart**2).sum()), apart

    return loss


def fit(matrix: csr_matrix, loss: Loss, *, outputs: int, penalty: float) -> Floats:
    """Weights, columns by outputs, with a last row for what is always added, which alone is not penalised."""
    turned = matrix.T.tocsr()
    shape = (matrix.shape[1] + 1, outputs)

    def cost(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(shape)
        value, slope = loss(matrix @ weights[:-1] + weights[-1])
        gradient = np.vstack([turned @ slope + penalty * weights[:-1], slope.sum(axis=0)])
        return value + penalty / 2 * float((weights[:-1] ** 2).sum()), gradient.ravel()

    options = {"maxiter": STEPS_MAX, "ftol": 1e-7, "gtol": 1e-3}
    found = minimize(cost, np.zeros(shape[0] * outputs), jac=True, method="L-BFGS-B", options=options)
    weights: Floats = found.x.reshape(shape)
    return weights
