namespace AlexNetTF;

/// <summary>Builds the initial value of a variable. Extend it for initializers of your own.</summary>
public abstract class Initializer
{
    /// <summary>All zeros.</summary>
    public static Initializer Zeros { get; } = new ConstantInitializer(0);

    /// <summary>All ones.</summary>
    public static Initializer Ones { get; } = new ConstantInitializer(1);

    /// <summary>Uniform between ±sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio, 2010): TensorFlow's default.</summary>
    public static Initializer GlorotUniform(long? seed = null) => new VarianceScaling(1, FanMode.Average, VarianceScaling.Shape.Uniform, seed);

    /// <summary>Normal, cut at two deviations, of variance 2 / (fan_in + fan_out).</summary>
    public static Initializer GlorotNormal(long? seed = null) => new VarianceScaling(1, FanMode.Average, VarianceScaling.Shape.TruncatedNormal, seed);

    /// <summary>Normal, cut at two deviations, of variance 2 / fan_in (He and others, 2015).</summary>
    public static Initializer HeNormal(long? seed = null) => new VarianceScaling(2, FanMode.In, VarianceScaling.Shape.TruncatedNormal, seed);

    /// <summary>Every element has this value.</summary>
    public static Initializer Constant(double value) => new ConstantInitializer(value);

    /// <summary>Uniform in [minimum, maximum).</summary>
    public static Initializer RandomUniform(double minimum = -0.05, double maximum = 0.05, long? seed = null) => new RandomUniformInitializer(minimum, maximum, seed);

    /// <summary>Normal.</summary>
    public static Initializer RandomNormal(double mean = 0, double standardDeviation = 0.05, long? seed = null) => new RandomNormalInitializer(mean, standardDeviation, seed, truncated: false);

    /// <summary>Normal, values further than two deviations from the mean drawn again.</summary>
    public static Initializer TruncatedNormal(double mean = 0, double standardDeviation = 0.05, long? seed = null) => new RandomNormalInitializer(mean, standardDeviation, seed, truncated: true);

    /// <summary>The nodes that compute the initial value, in the current name scope.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="shape">The variable's shape, fully known.</param>
    /// <param name="type">The variable's element type.</param>
    public abstract Tensor Build(Graph graph, Shape shape, DType type);

    internal static Initializer Default(DType type) => type.IsFloating() ? GlorotUniform() : Zeros;
}
