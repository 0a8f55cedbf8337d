namespace AlexNetTF;

/// <summary>The shape rule of element-wise ops with several operands.</summary>
internal static class Broadcasting
{
    /// <summary>
    /// NumPy's rule on two inputs: aligned at the last dimension, sizes are equal or one of them is 1. A size known to be
    /// above 1 wins over an unknown one, which a run then has to match.
    /// </summary>
    /// <exception cref="GraphException">The shapes do not fit.</exception>
    public static Shape Infer(InferenceContext inputs, int first, int second) =>
        Join(inputs[first].Shape, inputs[second].Shape)
            ?? throw inputs.Error($"the shapes {inputs[first].Shape} and {inputs[second].Shape} must agree from the last dimension on: equal sizes, or 1 in one of them. Reshape one operand");

    /// <summary>The common shape, or null where there is none.</summary>
    public static Shape? Join(Shape x, Shape y)
    {
        if (!x.HasRank || !y.HasRank) return Shape.Unknown;
        int rank = Math.Max(x.Rank, y.Rank);
        var sizes = new int?[rank];
        for (int i = 0; i < rank; i++)
        {
            int fromEnd = rank - i;
            int? a = fromEnd > x.Rank ? 1 : x[x.Rank - fromEnd], b = fromEnd > y.Rank ? 1 : y[y.Rank - fromEnd];
            if (a is > 1 or 0 && b is > 1 or 0 && a != b) return null;
            sizes[i] = (a, b) switch
            {
                (1, _) => b,
                (_, 1) => a,
                (null, 0) or (0, null) => null,
                _ => a ?? b,
            };
        }

        return new Shape(sizes);
    }
}
