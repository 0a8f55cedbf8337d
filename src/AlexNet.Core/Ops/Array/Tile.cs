using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>A tensor repeated along its dimensions (<c>tf.tile</c>).</summary>
    /// <param name="input">The tensor.</param>
    /// <param name="multiples">How often, per dimension.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">There is not one multiple per dimension.</exception>
    public static Tensor Tile(Tensor input, Operand multiples, string? name = null)
    {
        Graph graph = input.Graph;
        using NameScope scope = graph.NameScope(name ?? "Tile");
        return graph.Add(new TileOp(), [input, multiples.ToTensor(graph, DType.Int32, "multiples")], scope.Name);
    }
}

internal sealed class TileOp : OpDef
{
    public override string Type => "Tile";

    public override Gradient Gradient => Gradient.Of((op, dy) => [Sum(op, dy[0]), null]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("Tmultiples", op.Inputs[1].DType);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        Shape multiples = inputs.OutputSizes(1), shape = inputs[0].Shape;
        if (multiples.HasRank) shape = inputs.WithRank(0, multiples.Rank);
        if (!shape.HasRank) return [inputs[0]];
        if (!multiples.HasRank) return [inputs[0] with { Shape = Shape.OfRank(shape.Rank) }];
        return [inputs[0] with { Shape = new Shape([.. shape.Zip(multiples, (size, times) => Product(inputs, size, times))]) }];
    }

    public override Kernel CreateKernel(KernelSpec spec)
    {
        int[] dims = spec.Input(0).Dims;
        long[] multiples = spec.Integers(1), source = StridedCopy.RowMajor(dims), target = StridedCopy.RowMajor(spec.Output(0).Dims);

        // Each dimension as two: the repetition, which stays at its place in the source, and the dimension itself.
        return MoveKernel.Of(spec, new Move(0, 0, 0, 0, new StridedCopy(
            spec.Output(0).Type.Size(),
            [.. dims.SelectMany((size, i) => new[] { (int)multiples[i], size })],
            [.. dims.SelectMany((_, i) => new[] { 0, source[i] })],
            [.. dims.SelectMany((size, i) => new[] { size * target[i], target[i] })])));
    }

    private static int? Product(InferenceContext inputs, int? size, int? times)
    {
        long? product = (long?)size * times;
        return product is > int.MaxValue ? throw inputs.Error($"a dimension would have {product} elements") : (int?)product;
    }

    // The gradient in the shape [multiple, size, multiple, size, …], summed over the multiples.
    private static Tensor Sum(Operation op, Tensor dy)
    {
        Tensor x = op.Inputs[0], multiples = op.Inputs[1];
        Tensor sizes = ArrayOps.Shape(x, outType: multiples.DType);
        Tensor pairs = ArrayOps.Reshape(ArrayOps.Transpose(ArrayOps.Stack([multiples, sizes])), [-1]);
        Tensor axes = ArrayOps.Range(0, ArrayOps.Size(pairs), 2);
        Tensor sum = MathOps.Sum(ArrayOps.Reshape(dy, pairs), axes);
        sum.SetShape(x.Shape);
        return sum;
    }
}
