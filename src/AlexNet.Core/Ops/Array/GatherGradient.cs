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

    /// <summary>
    /// With leading dimensions in common: seen as [batch, outer, size, inner], slice (b, o, i) is segment
    /// (b · outer + o) · size + i of one long list.
    /// </summary>
    public static Tensor Batched(Operation op, int batchDims, Tensor dy)
    {
        Tensor parameters = op.Inputs[0], indices = op.Inputs[1], axis = op.Inputs[2];
        Tensor shape = ArrayOps.Shape(parameters), places = ArrayOps.Shape(indices);
        Tensor batch = MathOps.Prod(ArrayOps.GetItem(shape, ..batchDims), [0]);
        Tensor outer = MathOps.Prod(ArrayOps.GetItem(shape, SliceItem.Range(batchDims, axis)), [0]);
        Tensor size = ArrayOps.GetItem(shape, SliceItem.At(axis));
        Tensor inner = MathOps.Prod(ArrayOps.GetItem(ArrayOps.GetItem(shape, SliceItem.Range(axis, null)), 1..), [0]);
        Tensor picked = MathOps.Prod(ArrayOps.GetItem(places, batchDims..), [0]);
        Tensor starts = ArrayOps.Reshape(ArrayOps.Range(0, batch * outer) * size, [batch, outer, 1]);
        Tensor segments = ArrayOps.Reshape(indices, [batch, 1, picked]) + MathOps.Cast(starts, indices.DType);
        Tensor values = ArrayOps.Reshape(dy, [batch, outer, picked, inner]);
        return ArrayOps.Reshape(MathOps.UnsortedSegmentSum(values, segments, batch * outer * size), shape);
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
        return ArrayOps.Transpose(sums, ArrayOps.Concat([outer + 1, [0], inner], 0));
    }
}
