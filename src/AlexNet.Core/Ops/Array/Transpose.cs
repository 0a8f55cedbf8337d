using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>A tensor with its dimensions in another order (<c>tf.transpose</c>): dimension i of the result is dimension perm[i].</summary>
    /// <param name="a">The tensor.</param>
    /// <param name="perm">A permutation of the dimensions; the reverse order if null.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">The permutation does not name every dimension once.</exception>
    public static Tensor Transpose(Tensor a, Operand? perm = null, string? name = null)
    {
        Graph graph = a.Graph;
        using NameScope scope = graph.NameScope(name ?? "transpose");
        if (perm is { } given) return graph.Add(new TransposeOp(), [a, given.ToTensor(graph, DType.Int32, "perm")], scope.Name);
        if (a.Shape.HasRank)
        {
            int rank = a.Shape.Rank;
            return graph.Add(new TransposeOp(), [a, graph.Constant(TensorData.Vector<int>([.. Enumerable.Range(0, rank).Select(i => rank - 1 - i)]), "perm")], scope.Name);
        }

        Tensor unknown = graph.Add(new RankOp(), [a]);
        return graph.Add(new TransposeOp(), [a, unknown - 1 - Range(0, unknown, 1, "Range")], scope.Name);
    }
}

internal sealed class TransposeOp : OpDef
{
    public override string Type => "Transpose";

    public override Gradient Gradient => Gradient.Of((op, dy) => [ArrayOps.Transpose(dy[0], ArrayOps.InvertPermutation(op.Inputs[1])), null]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("Tperm", op.Inputs[1].DType);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.IndexType(1);
        Shape shape = inputs[0].Shape, list = inputs.WithRank(1, 1);
        if (list[0] is { } count) shape = inputs.WithRank(0, count);
        if (!shape.HasRank) return [inputs[0]];
        if (inputs.Integers(1) is not { } perm) return [inputs[0] with { Shape = Shape.OfRank(shape.Rank) }];
        bool valid = perm.Length == shape.Rank && (inputs.IsBuilding
            ? Array.TrueForAll(perm, place => place < shape.Rank)
            : perm.Order().SequenceEqual(Enumerable.Range(0, shape.Rank).Select(i => (long)i)));
        if (!valid) throw inputs.Error($"the permutation [{string.Join(",", perm)}] must name each of the {shape.Rank} dimensions of shape {shape} once");

        // TensorFlow leaves what it does not see in the shape rule (a dimension named twice) to the run.
        return [inputs[0] with { Shape = new Shape([.. perm.Select(place => place < 0 ? null : shape[(int)place])]) }];
    }

    public override Kernel CreateKernel(KernelSpec spec)
    {
        long[] perm = spec.Integers(1), strides = StridedCopy.RowMajor(spec.Input(0).Dims);
        int[] dims = spec.Output(0).Dims;
        if (!perm.Order().SequenceEqual(Enumerable.Range(0, dims.Length).Select(i => (long)i)))
        {
            throw spec.Error($"the permutation [{string.Join(",", perm)}] must name each of the {dims.Length} dimensions once");
        }

        return MoveKernel.Of(spec, new Move(0, 0, 0, 0, new StridedCopy(
            spec.Output(0).Type.Size(),
            dims,
            Array.ConvertAll(perm, place => strides[place]),
            StridedCopy.RowMajor(dims))));
    }
}
