namespace AlexNetTF;

/// <summary>How a classifier is built from a weight file.</summary>
public sealed record ClassifierOptions
{
    /// <summary>Which AlexNet; what the file is recognised as if null, else the article's.</summary>
    public Topology? Topology { get; init; }

    /// <summary>How pictures become the network's input; it must be what the weights were trained with. The topology's <see cref="TopologyPreprocessing.DefaultPreprocessing"/> if null.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>The names of the classes; ImageNet's if null and the network has 1,000, else "class 0", "class 1" …</summary>
    public Labels? Labels { get; init; }

    /// <summary>The number of classes; as the labels or the file's fc8 say if null, else 1,000.</summary>
    public int? Classes { get; init; }

    /// <summary>
    /// The graph's random seed. With it, layers that the file lacks keep the initial values that TensorFlow would give
    /// them; without it a missing layer is an error.
    /// </summary>
    public long? Seed { get; init; }

    /// <summary>Accepts weights that are infinite or no number.</summary>
    public bool AllowNonFinite { get; init; }

    /// <summary>Whether the file's weights are read or mapped.</summary>
    public WeightLoading WeightLoading { get; init; }

    /// <summary>What a picture may cost before it is refused.</summary>
    public ImageLimits Limits { get; init; } = ImageLimits.Default;

    /// <summary>Engine, threads, precision.</summary>
    public SessionOptions Session { get; init; } = new();
}
