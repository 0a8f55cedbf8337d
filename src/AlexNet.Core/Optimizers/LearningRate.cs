namespace AlexNetTF;

/// <summary>Learning rates that change with the step counter, as scalar tensors for an optimizer's rate.</summary>
public static class LearningRate
{
    /// <summary>rate · decayRate^(step / decaySteps) (<c>tf.train.exponential_decay</c>).</summary>
    /// <param name="rate">The rate at step 0.</param>
    /// <param name="globalStep">The step counter.</param>
    /// <param name="decaySteps">After how many steps the rate is multiplied once.</param>
    /// <param name="decayRate">What it is multiplied by.</param>
    /// <param name="staircase">Whether it changes only at multiples of <paramref name="decaySteps"/>.</param>
    /// <param name="name">The name scope.</param>
    public static Tensor ExponentialDecay(float rate, Tensor globalStep, int decaySteps, float decayRate, bool staircase = false, string? name = null)
    {
        using NameScope scope = globalStep.Graph.NameScope(name ?? "ExponentialDecay");
        Tensor start = Number(globalStep.Graph, rate, "learning_rate");
        Tensor periods = Step(globalStep) / decaySteps;
        if (staircase) periods = MathOps.Floor(periods);
        return MathOps.Mul(start, MathOps.Pow(decayRate, periods), scope.Name);
    }

    /// <summary>values[i] up to and including step boundaries[i], the last value beyond (<c>tf.train.piecewise_constant</c>).</summary>
    /// <param name="globalStep">The step counter.</param>
    /// <param name="boundaries">Steps in rising order.</param>
    /// <param name="values">One more than there are boundaries.</param>
    /// <param name="name">The name scope.</param>
    /// <exception cref="GraphException">The boundaries do not rise, or the number of values is wrong.</exception>
    public static Tensor PiecewiseConstant(Tensor globalStep, IReadOnlyList<long> boundaries, IReadOnlyList<float> values, string? name = null)
    {
        if (values.Count != boundaries.Count + 1) throw new GraphException($"A piecewise constant rate of {boundaries.Count} boundaries needs {boundaries.Count + 1} values; it has {values.Count}.");
        if (boundaries.Zip(boundaries.Skip(1)).Any(pair => pair.First >= pair.Second)) throw new GraphException($"The boundaries {string.Join(", ", boundaries)} of a piecewise constant rate must rise.");
        Graph graph = globalStep.Graph;
        using NameScope scope = graph.NameScope(name ?? "PiecewiseConstant");
        Tensor rate = Number(graph, values[^1], "last");
        for (int i = boundaries.Count - 1; i >= 0; i--)
        {
            rate = MathOps.Where(MathOps.LessEqual(globalStep, boundaries[i]), Number(graph, values[i], $"value_{i}"), rate);
        }

        return ArrayOps.Identity(rate, scope.Name);
    }

    /// <summary>(rate − end) · (1 − step / decaySteps)^power + end, end beyond (<c>tf.train.polynomial_decay</c>).</summary>
    /// <param name="rate">The rate at step 0.</param>
    /// <param name="globalStep">The step counter.</param>
    /// <param name="decaySteps">The step at which the end is reached.</param>
    /// <param name="endRate">The rate at the end.</param>
    /// <param name="power">1 for a straight line.</param>
    /// <param name="name">The name scope.</param>
    public static Tensor PolynomialDecay(float rate, Tensor globalStep, int decaySteps, float endRate = 0.0001f, float power = 1, string? name = null)
    {
        using NameScope scope = globalStep.Graph.NameScope(name ?? "PolynomialDecay");
        Tensor part = MathOps.Minimum(Step(globalStep), (float)decaySteps) / decaySteps;
        return MathOps.Add(MathOps.Mul(rate - endRate, MathOps.Pow(1f - part, power)), endRate, scope.Name);
    }

    /// <summary>rate · ((1 − alpha) · ½(1 + cos(π · step / decaySteps)) + alpha) (<c>tf.train.cosine_decay</c>; Loshchilov and Hutter, 2017).</summary>
    /// <param name="rate">The rate at step 0.</param>
    /// <param name="globalStep">The step counter.</param>
    /// <param name="decaySteps">The step at which the end is reached.</param>
    /// <param name="alpha">The rate at the end, as a share of <paramref name="rate"/>.</param>
    /// <param name="name">The name scope.</param>
    public static Tensor CosineDecay(float rate, Tensor globalStep, int decaySteps, float alpha = 0, string? name = null)
    {
        using NameScope scope = globalStep.Graph.NameScope(name ?? "CosineDecay");
        Tensor part = MathOps.Minimum(Step(globalStep), (float)decaySteps) / decaySteps;
        Tensor cosine = (MathOps.Cos(part * MathF.PI) + 1f) * 0.5f;
        return MathOps.Mul(rate, (cosine * (1 - alpha)) + alpha, scope.Name);
    }

    private static Tensor Step(Tensor globalStep) => MathOps.Cast(globalStep, DType.Float32);

    private static Tensor Number(Graph graph, float value, string name) => graph.Constant(TensorData.Scalar(value), name);
}
