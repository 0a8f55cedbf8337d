namespace AlexNetTF.TensorFlow.Tests;

/// <summary>Where the engines may differ about inputs that do not fit, and why.</summary>
internal static class BadInputs
{
    private static readonly Dictionary<string, string> Stricter = new()
    {
        ["Fill"] = "TensorFlow's kernel takes a number for a vector of one size, as graphs of its first releases had it; its shape rule does not.",
        ["Reshape"] = "As Fill.",
        ["PlaceholderWithDefault"] = "TensorFlow does not compare the value with the declared shape when it runs; here the rules after it rely on it.",
        ["Reverse"] = "TensorFlow hands a number through before it looks at the dimensions to be turned; a number has none.",
        ["ReverseV2"] = "As Reverse.",
        ["SoftmaxCrossEntropyWithLogits"] = "TensorFlow's kernel repeats a number over rows and classes; its shape rule, as ours, wants two dimensions.",
    };

    /// <summary>Ops that are not tried, because TensorFlow does not survive it.</summary>
    public static IReadOnlyDictionary<string, string> Untried { get; } = new Dictionary<string, string>
    {
        ["AvgPoolGrad"] = "TensorFlow 2.21 writes behind its memory where the gradient has another shape than the pooling gives, and the process ends. Here it is refused.",
    };

    /// <summary>Ops whose attributes are left as they are, because TensorFlow does not survive wrong ones.</summary>
    public static IReadOnlyDictionary<string, string> KeptAttributes { get; } = new Dictionary<string, string>
    {
        ["MaxPoolGrad"] = "TensorFlow 2.21 writes behind its memory for a window of a negative size, and the process ends. Here it is refused.",
        ["Conv2DBackpropInput"] = "TensorFlow 2.21 divides by a stride of 0, and the process ends. Here it is refused.",
        ["Conv2DBackpropFilter"] = "As Conv2DBackpropInput.",
    };

    /// <summary>Attributes that are left as they are.</summary>
    public static IReadOnlyDictionary<string, string> Counts { get; } = new Dictionary<string, string>
    {
        ["num"] = "It decides how many outputs there are to ask for.",
        ["num_split"] = "As num.",
    };

    /// <summary>Ops of one input, or of independent ones, that take any shape and any value.</summary>
    public static IReadOnlyList<string> TakesAnything { get; } =
    [
        "Abs", "Cast", "Ceil", "Cos", "Exp", "Floor", "IsFinite", "IsNan", "L2Loss", "Log", "Log1p", "LogicalNot", "Neg", "Reciprocal", "Relu",
        "Rsqrt", "Sigmoid", "Sign", "Sin", "Sqrt", "Square", "Tanh", "Identity", "IdentityN", "OnesLike", "ZerosLike", "PreventGradient",
        "StopGradient", "RandomShuffle", "Rank", "Shape", "ShapeN", "Size", "PlaceholderWithDefault",
    ];

    /// <summary>Whether a difference is known.</summary>
    /// <param name="type">The op.</param>
    /// <param name="ours">What the managed engine does: a <see cref="RunErrorCode"/>, or sizes.</param>
    /// <param name="theirs">What TensorFlow does.</param>
    public static bool MayDiffer(string type, string ours, string theirs) =>
        ours == nameof(RunErrorCode.InvalidArgument) && theirs.StartsWith('[') && Stricter.ContainsKey(type);

    /// <summary>Whether a difference about a node is known.</summary>
    /// <param name="type">The op.</param>
    /// <param name="change">What was changed.</param>
    /// <param name="refusedHere">Whether the managed engine is the one that refuses it.</param>
    public static bool MayDiffer(string type, BadNodes.Change change, bool refusedHere) => (type, change.Attribute) switch
    {
        // Here the stride over channels must be 1; TensorFlow's kernels ignore it.
        ("MaxPool" or "AvgPool", "strides") => refusedHere,

        // TensorFlow's op allows integers and has no kernel for them.
        ("Reciprocal", "T") => !refusedHere,

        // TensorFlow's kernel has no float64; here it is what single precision is judged by.
        ("LRN" or "LRNGrad", "T") => !refusedHere,

        // TensorFlow has kernels for more types; here a type without one is refused by name.
        _ => change.IsType && refusedHere,
    };
}
