namespace AlexNetTF;

/// <summary>One output of an operation: a value that a session can compute. Holds no numbers itself.</summary>
public sealed class Tensor
{
    internal Tensor(Operation op, int index, TensorSpec spec)
    {
        Op = op;
        Index = index;
        Spec = spec;
    }

    /// <summary>The operation that computes this tensor.</summary>
    public Operation Op { get; }

    /// <summary>Which of the operation's outputs this is, from 0.</summary>
    public int Index { get; }

    /// <summary>Element type, shape, and whether it is a reference to a variable.</summary>
    public TensorSpec Spec { get; private set; }

    /// <summary>The element type.</summary>
    public DType DType => Spec.Type;

    /// <summary>What is known of the shape.</summary>
    public Shape Shape => Spec.Shape;

    /// <summary>The graph that the operation stands in.</summary>
    public Graph Graph => Op.Graph;

    /// <summary>TensorFlow's name: the operation's, a colon, the output's index.</summary>
    public string Name => $"{Op.Name}:{Index}";

    /// <summary>Adds what the caller knows of the shape, as TensorFlow's <c>set_shape</c>.</summary>
    /// <exception cref="GraphException">It contradicts what is known.</exception>
    public void SetShape(Shape shape) => Spec = Spec with
    {
        Shape = Shape.MergeWith(shape)
            ?? throw new GraphException($"{Name} has shape {Shape}, which {shape} contradicts."),
    };

    /// <summary>Name, element type and shape.</summary>
    public override string ToString() => $"{Name} {DType.Name()} {Shape}";
}
