namespace AlexNetTF;

/// <summary>What fan a scaled initializer divides by.</summary>
public enum FanMode
{
    /// <summary>The number of inputs of an output element.</summary>
    In,

    /// <summary>The number of outputs that an input element reaches.</summary>
    Out,

    /// <summary>The mean of both.</summary>
    Average,
}

/// <summary>
/// Random values whose variance is scale / max(1, fan), TensorFlow's <c>variance_scaling_initializer</c>. Fans of a
/// filter [h, w, in, out] are h·w·in and h·w·out, so that a grouped filter counts its own inputs only.
/// </summary>
public sealed class VarianceScaling(double scale, FanMode mode, VarianceScaling.Shape distribution, long? seed = null) : Initializer
{
    // The deviation of a normal distribution of deviation 1 that is cut at ±2.
    private const double TruncatedDeviation = 0.87962566103423978;

    /// <summary>The distribution that the values are drawn from.</summary>
    public enum Shape
    {
        /// <summary>Uniform between ±sqrt(3 · variance).</summary>
        Uniform,

        /// <summary>Normal, cut at two deviations; widened so that the variance is as asked.</summary>
        TruncatedNormal,

        /// <summary>Normal.</summary>
        Normal,
    }

    /// <inheritdoc/>
    public override Tensor Build(Graph graph, AlexNetTF.Shape shape, DType type)
    {
        (double fanIn, double fanOut) = Fans(shape.ToArray());
        double fan = mode switch { FanMode.In => fanIn, FanMode.Out => fanOut, _ => (fanIn + fanOut) / 2 };
        double variance = scale / Math.Max(1, fan);
        if (distribution == Shape.Uniform)
        {
            double limit = Math.Sqrt(3 * variance);
            return RandomOps.RandomUniform(graph, shape.ToArray(), -limit, limit, type, seed);
        }

        return distribution == Shape.Normal
            ? RandomOps.RandomNormal(graph, shape.ToArray(), 0.0, Math.Sqrt(variance), type, seed)
            : RandomOps.TruncatedNormal(graph, shape.ToArray(), 0.0, Math.Sqrt(variance) / TruncatedDeviation, type, seed);
    }

    private static (double In, double Out) Fans(int[] shape)
    {
        if (shape.Length < 2) return shape.Length == 0 ? (1, 1) : (shape[0], shape[0]);
        double receptive = 1;
        foreach (int size in shape.AsSpan(0, shape.Length - 2)) receptive *= size;
        return (shape[^2] * receptive, shape[^1] * receptive);
    }
}

internal sealed class ConstantInitializer(double value) : Initializer
{
    public override Tensor Build(Graph graph, Shape shape, DType type) => value switch
    {
        0 => ArrayOps.Zeros(graph, shape.ToArray(), type),
        1 => ArrayOps.Ones(graph, shape.ToArray(), type),
        _ => ArrayOps.Fill(graph.Constant(TensorData.Vector<int>(shape.ToArray()), "shape"), graph.Constant(TensorData.ScalarOf(value, type), "Const"), "fill"),
    };
}

internal sealed class RandomUniformInitializer(double minimum, double maximum, long? seed) : Initializer
{
    public override Tensor Build(Graph graph, Shape shape, DType type) =>
        RandomOps.RandomUniform(graph, shape.ToArray(), minimum, maximum, type, seed);
}

internal sealed class RandomNormalInitializer(double mean, double deviation, long? seed, bool truncated) : Initializer
{
    public override Tensor Build(Graph graph, Shape shape, DType type) => truncated
        ? RandomOps.TruncatedNormal(graph, shape.ToArray(), mean, deviation, type, seed)
        : RandomOps.RandomNormal(graph, shape.ToArray(), mean, deviation, type, seed);
}
