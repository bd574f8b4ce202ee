"""How well the judgement agrees with labelled rows, by figures that hold for rows nobody tuned on: `kesu judge`."""
