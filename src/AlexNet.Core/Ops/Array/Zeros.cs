namespace AlexNetTF;

public static partial class ArrayOps
{
    // TensorFlow stores fewer elements than this as a Const and makes more with a Fill.
    private const int LargestConst = 1000;

    /// <summary>A tensor of zeros, or of false (<c>tf.zeros</c>): one Const below 1,000 elements, else Fill.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="type">The element type.</param>
    /// <param name="name">The node's name.</param>
    public static Tensor Zeros(this Graph graph, Operand shape, DType type = DType.Float32, string? name = null) => Repeat(graph, shape, type, 0, name ?? "zeros");

    /// <summary>A tensor of ones, or of true (<c>tf.ones</c>): one Const below 1,000 elements, else Fill.</summary>
    /// <inheritdoc cref="Zeros(Graph, Operand, DType, string?)"/>
    public static Tensor Ones(this Graph graph, Operand shape, DType type = DType.Float32, string? name = null) => Repeat(graph, shape, type, 1, name ?? "ones");

    /// <summary>Zeros of sizes that a tensor holds; see <see cref="Zeros(Graph, Operand, DType, string?)"/>.</summary>
    public static Tensor Zeros(Tensor shape, DType type = DType.Float32, string? name = null) => shape.Graph.Zeros((Operand)shape, type, name);

    /// <summary>Ones of sizes that a tensor holds; see <see cref="Ones(Graph, Operand, DType, string?)"/>.</summary>
    public static Tensor Ones(Tensor shape, DType type = DType.Float32, string? name = null) => shape.Graph.Ones((Operand)shape, type, name);

    private static Tensor Repeat(Graph graph, Operand shape, DType type, int number, string name)
    {
        using NameScope scope = graph.NameScope(name);
        int[]? sizes = shape.Sizes;
        if (sizes is not null && AlexNetTF.Shape.CountOf(sizes) < LargestConst) return graph.Constant(Splat.Of(type, sizes, number), scope.Name);
        Tensor dims = shape.ToTensor(graph, DType.Int32, sizes is null ? "packed" : "shape_as_tensor");
        if (dims.Shape is not { HasRank: true, Rank: > 0 }) dims = Reshape(dims, [-1]);
        return Fill(dims, graph.Constant(Splat.Of(type, [], number)), scope.Name);
    }
}
