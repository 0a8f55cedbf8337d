using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>
    /// A slice with steps (<c>tf.strided_slice</c>): indices begin, begin + stride, … before end, per dimension. Negative
    /// indices count from the end, a negative stride runs backwards, indices beyond a border stop at it. Bit i of a mask
    /// speaks of item i. <see cref="GetItem"/> writes the usual cases shorter.
    /// </summary>
    /// <param name="input">The tensor.</param>
    /// <param name="begin">First indices.</param>
    /// <param name="end">Indices behind the last ones.</param>
    /// <param name="strides">Steps; 1 if null.</param>
    /// <param name="beginMask">Items that begin at the start.</param>
    /// <param name="endMask">Items that go to the end.</param>
    /// <param name="ellipsisMask">The item that stands for all dimensions left over; at most one.</param>
    /// <param name="newAxisMask">Items that add a dimension of size 1.</param>
    /// <param name="shrinkAxisMask">Items that are one index, whose dimension goes.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">There are more items than dimensions, a stride is 0, or a single index lies outside.</exception>
    public static Tensor StridedSlice(
        Tensor input,
        Operand begin,
        Operand end,
        Operand? strides = null,
        int beginMask = 0,
        int endMask = 0,
        int ellipsisMask = 0,
        int newAxisMask = 0,
        int shrinkAxisMask = 0,
        string? name = null)
    {
        Graph graph = input.Graph;
        DType type = begin.Tensor?.DType ?? end.Tensor?.DType ?? DType.Int32;

        // As in TensorFlow, steps of 1 are made from begin before the op's own scope opens.
        if (strides is null)
        {
            using NameScope ones = graph.NameScope("ones_like");
            strides = OnesLike(begin.ToTensor(graph, type, "tensor"), name: ones.Name);
        }

        using NameScope scope = graph.NameScope(name ?? "StridedSlice");
        Tensor[] inputs = [input, begin.ToTensor(graph, type, "begin"), end.ToTensor(graph, type, "end"), strides.Value.ToTensor(graph, type, "strides")];
        return graph.Add(new StridedSliceOp(new SliceMasks(beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask)), inputs, scope.Name);
    }
}

internal sealed class StridedSliceOp(SliceMasks masks) : OpDef
{
    public override string Type => "StridedSlice";

    public override Gradient Gradient => Gradient.Of((op, dy) =>
    {
        Tensor begin = op.Inputs[1];
        Tensor shape = ArrayOps.Shape(op.Inputs[0], outType: begin.DType);
        return [op.Graph.Add(new StridedSliceGradOp(masks), [shape, begin, op.Inputs[2], op.Inputs[3], dy[0]]), null, null, null];
    });

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("Index", op.Inputs[1].DType);
        attributes.Add("T", op.Inputs[0].DType);
        masks.Describe(attributes);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) =>
        [inputs[0] with { Shape = Work(inputs, inputs[0].Shape, 1, masks)?.Result ?? Shape.Unknown }];

    // A part of a list of sizes, or one of them.
    public override Shape? InferValue(InferenceContext inputs)
    {
        if (masks.NewAxis != 0 || inputs[0].Shape is not { HasRank: true, Rank: 1 } || inputs.Sizes(0) is not { HasRank: true } values) return null;
        if (Work(inputs, inputs[0].Shape, 1, masks)?.Ranges is not [{ Count: { } count } range]) return null;
        if (inputs.Integers(1) is null) return Shape.OfRank(count);
        return new Shape([.. Enumerable.Range(0, count).Select(i => values[(int)(range.First + (i * range.Step))])]);
    }

    public override Kernel CreateKernel(KernelSpec spec)
    {
        long[] begin = spec.Integers(1);
        var slice = new StridedSliceSpec(spec.Error, Shape.Of(spec.Input(0).Dims), begin.Length, begin, spec.Integers(2), spec.Integers(3), masks);
        StridedCopy box = slice.Box(spec.Output(0).Type.Size(), scatter: false, out long offset);
        return MoveKernel.Of(spec, new Move(0, offset, 0, 0, box));
    }

    /// <summary>The slice for a shape and the three lists from an input on; null where the shape's rank or the lists' length is not known.</summary>
    internal static StridedSliceSpec? Work(InferenceContext inputs, Shape shape, int first, SliceMasks masks)
    {
        inputs.IndexType(first);
        inputs.SameType(first, first + 2);
        Shape length = Shape.Unknown;
        for (int i = first; i < first + 3; i++)
        {
            length = length.MergeWith(inputs.WithRank(i, 1)) ?? throw inputs.Error("begin, end and strides must have as many items");
        }

        return shape.HasRank && length[0] is { } count
            ? new StridedSliceSpec(inputs.Error, shape, count, inputs.Integers(first), inputs.Integers(first + 1), inputs.Integers(first + 2), masks)
            : null;
    }
}
