namespace AlexNetTF;

/// <summary>The gradient of Gather and GatherV2: each slice's gradient is added where the slice came from.</summary>
internal static class GatherGradient
{
    public static Tensor Of(Operation op, Tensor? axis, Tensor dy)
    {
        Tensor parameters = op.Inputs[0], indices = op.Inputs[1];
        Tensor shape;
        using (op.Graph.Colocate(parameters.Op))
        {
            shape = MathOps.Cast(ArrayOps.Shape(parameters, outType: DType.Int64), DType.Int32);
        }

        Tensor count = ArrayOps.ExpandDims(ArrayOps.Size(indices), 0);
        if (axis is not null && StaticValues.Constant(axis)?.ToInt64s()[0] != 0) return Along(axis, shape, indices, count, dy);
        Tensor values = ArrayOps.Reshape(dy, ArrayOps.Concat([count, ArrayOps.GetItem(shape, 1..)], 0));
        return MathOps.UnsortedSegmentSum(values, ArrayOps.Reshape(indices, count), ArrayOps.GetItem(shape, 0));
    }

    // The indexed dimension goes to the front, where segments are summed, and back again.
    private static Tensor Along(Tensor axis, Tensor shape, Tensor indices, Tensor count, Tensor dy)
    {
        Tensor before = ArrayOps.GetItem(shape, SliceItem.Range(null, axis));
        Tensor behind = ArrayOps.GetItem(ArrayOps.GetItem(shape, SliceItem.Range(axis, null)), 1..);
        Tensor sizes = ArrayOps.Concat([before, count, behind], 0);
        Tensor rank = ArrayOps.Size(sizes), place = ArrayOps.Size(before);
        Tensor outer = ArrayOps.Range(0, place);
        Tensor inner = ArrayOps.Range(place + 1, rank);
        Tensor values = ArrayOps.Transpose(ArrayOps.Reshape(dy, sizes), ArrayOps.Concat([ArrayOps.Stack([place]), outer, inner], 0));
        Tensor sums = MathOps.UnsortedSegmentSum(values, ArrayOps.Reshape(indices, count), ArrayOps.GetItem(shape, SliceItem.At(axis)));
        return ArrayOps.Transpose(sums, ArrayOps.Concat([outer + 1, new[] { 0 }, inner], 0));
    }
}
