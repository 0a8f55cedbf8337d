namespace AlexNetTF;

/// <summary>What a shape rule may ask about an operation's inputs.</summary>
public sealed class InferenceContext
{
    private readonly string node;
    private readonly string type;
    private readonly IInferenceSource source;

    internal InferenceContext(string node, string type, IInferenceSource source)
    {
        this.node = node;
        this.type = type;
        this.source = source;
    }

    /// <summary>The number of inputs.</summary>
    public int Count => source.Count;

    /// <summary>Whether a graph is being built, not a run prepared.</summary>
    internal bool IsBuilding => source is GraphInference;

    /// <summary>Element type and shape of an input; never a reference, so that a rule can pass it on.</summary>
    public TensorSpec this[int input] => source.Spec(input) with { IsReference = false };

    /// <summary>Whether an input is a variable's memory.</summary>
    public bool IsReference(int input) => source.Spec(input).IsReference;

    /// <summary>The values of an integer input, or null where they are not known yet.</summary>
    public long[]? Integers(int input) => source.Constant(input)?.ToInt64s();

    /// <summary>The values of an input that holds sizes, as far as they are known; <see cref="Shape.Unknown"/> where nothing is.</summary>
    /// <exception cref="GraphException">The input is no vector.</exception>
    public Shape ValueAsShape(int input)
    {
        TensorSpec spec = source.Spec(input);
        if (spec.Shape.HasRank && spec.Shape.Rank != 1) throw Error($"input {input} must be a vector of sizes, not of shape {spec.Shape}");
        return Sizes(input);
    }

    /// <summary>As <see cref="ValueAsShape"/>, for a vector or a scalar of integers; nothing is known of any other input.</summary>
    internal Shape Sizes(int input)
    {
        TensorSpec spec = source.Spec(input);
        if (spec.Type is not (DType.Int32 or DType.Int64) || spec.Shape is { HasRank: true, Rank: > 1 }) return Shape.Unknown;
        if (source.Constant(input) is { } data) return SizesOf(data.ToInt64s());
        if (source.PartialValue(input) is { HasRank: true } partial) return partial;
        return spec.Shape.ElementCount is { } rank && rank <= StaticValues.LargestFolded ? Shape.OfRank((int)rank) : Shape.Unknown;
    }

    /// <summary>The values of an input, or null where they are not known yet.</summary>
    internal TensorData? Constant(int input) => source.Constant(input);

    /// <summary>Requires that inputs have one element type, and gives it.</summary>
    /// <exception cref="GraphException">Two differ.</exception>
    public DType SameType(int first, int last)
    {
        for (int i = first + 1; i <= last; i++)
        {
            if (this[i].Type != this[first].Type)
            {
                throw Error($"inputs {first} and {i} must have the same element type; they have {this[first].Type.Name()} and {this[i].Type.Name()}. Convert one with MathOps.Cast");
            }
        }

        return this[first].Type;
    }

    /// <summary>Requires a number of dimensions of an input, and gives its shape with that many.</summary>
    /// <exception cref="GraphException">It has another number.</exception>
    public Shape WithRank(int input, int rank)
    {
        Shape shape = this[input].Shape;
        if (!shape.HasRank) return Shape.OfRank(rank);
        return shape.Rank == rank ? shape : throw Error($"input {input} must have {rank} dimensions; its shape is {shape}");
    }

    // A number that no tensor can have as a size is as good as unknown.
    private static Shape SizesOf(long[] values) => Array.TrueForAll(values, value => value is >= -1 and <= int.MaxValue)
        ? Shape.Of(Array.ConvertAll(values, value => (int)value))
        : Shape.Unknown;

    /// <summary>The error of a rule that is broken: op type, node and all inputs are added to the problem.</summary>
    /// <param name="problem">The rule, both values, and the remedy where there is one; no full stop.</param>
    public GraphException Error(string problem) => new(
        $"{type} '{node}': {problem}. Inputs: {string.Join(", ", Enumerable.Range(0, Count).Select(i => $"{source.Spec(i).Type.Name()} {source.Spec(i).Shape}"))}.");
}

/// <summary>Where a shape rule's facts come from: a graph that is being built, or a program with concrete sizes.</summary>
internal interface IInferenceSource
{
    int Count { get; }

    TensorSpec Spec(int input);

    TensorData? Constant(int input);

    Shape? PartialValue(int input);
}
