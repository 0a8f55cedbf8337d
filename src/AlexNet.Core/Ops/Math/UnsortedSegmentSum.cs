using System.Numerics;
using System.Numerics.Tensors;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>
    /// Sums of the slices that share a segment number (<c>tf.unsorted_segment_sum</c>): result[s] = Σ data[i] over all i
    /// with segmentIds[i] = s. Negative numbers drop a slice; segments without one are 0.
    /// </summary>
    /// <param name="data">The slices; its shape begins with that of the numbers.</param>
    /// <param name="segmentIds">int32 or int64.</param>
    /// <param name="numSegments">How many segments; a number not below it fails in the run.</param>
    /// <param name="name">The node's name.</param>
    public static Tensor UnsortedSegmentSum(Tensor data, Tensor segmentIds, Operand numSegments, string? name = null)
    {
        Graph graph = data.Graph;
        using NameScope scope = graph.NameScope(name ?? "UnsortedSegmentSum");
        return graph.Add(new UnsortedSegmentSumOp(), [data, segmentIds, numSegments.ToTensor(graph, DType.Int32, "num_segments")], scope.Name);
    }
}

internal sealed class UnsortedSegmentSumOp : OpDef
{
    public override string Type => "UnsortedSegmentSum";

    public override Gradient Gradient => Gradient.Of((op, dy) => [Pick(dy[0], op.Inputs[1]), null, null]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("Tindices", op.Inputs[1].DType);
        attributes.Add("Tnumsegments", op.Inputs[2].DType);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        if (inputs[0].Type == DType.Bool) throw inputs.Error("input 0 must hold numbers, not bool. Convert it with MathOps.Cast");
        inputs.IndexType(1);
        Shape data = inputs[0].Shape, ids = inputs[1].Shape;
        long? count = inputs.Scalar(2);
        if (count is < 0 or > int.MaxValue) throw inputs.Error($"the number of segments must be 0 or more; it is {count}");
        if (!data.HasRank || !ids.HasRank) return [inputs[0] with { Shape = Shape.Unknown }];
        if (ids.Rank > data.Rank || ids.MergeWith(data.Slice(0, ids.Rank)) is null) throw inputs.Error($"the data's shape {data} must begin with that of the segment numbers, {ids}");
        return [inputs[0] with { Shape = new Shape((int?)count).Concat(data.Slice(ids.Rank, data.Rank - ids.Rank)) }];
    }

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(0).Type switch
    {
        DType.Float32 => Kernel.Of(Run<float>),
        DType.Float64 => Kernel.Of(Run<double>),
        DType.Int64 => Kernel.Of(Run<long>),
        DType.Int32 => Kernel.Of(Run<int>),
        DType.Int16 => Kernel.Of(Run<short>),
        DType.Int8 => Kernel.Of(Run<sbyte>),
        _ => Kernel.Of(Run<byte>),
    };

    // In the order of the slices: the sums' bits do not depend on anything else.
    private static unsafe void Run<T>(KernelContext context)
        where T : unmanaged, INumber<T>
    {
        Span<T> sums = context.Output<T>(0);
        sums.Clear();
        int segments = context.OutputInfo(0).Dims[0];
        long count = context.InputInfo(1).Count;
        if (count == 0 || sums.Length == 0 && context.InputInfo(0).Count == 0) return;
        int length = (int)(context.InputInfo(0).Count / count);
        ReadOnlySpan<T> data = context.Input<T>(0);
        bool wide = context.InputInfo(1).Type == DType.Int64;
        void* ids = context.InputPointer(1);
        for (int i = 0; i < count; i++)
        {
            long id = wide ? ((long*)ids)[i] : ((int*)ids)[i];
            if (id < 0) continue;
            if (id >= segments) throw context.Error($"segment number {i} is {id}, which lies outside [0, {segments})");
            Span<T> sum = sums.Slice((int)id * length, length);
            TensorPrimitives.Add(sum, data.Slice(i * length, length), sum);
        }
    }

    // Each slice takes its segment's gradient; a dropped one takes none.
    private static Tensor Pick(Tensor dy, Tensor ids)
    {
        Tensor picked = ArrayOps.Gather(dy, MathOps.Maximum(ids, ArrayOps.ZerosLike(ids)));
        Tensor kept = MathOps.GreaterEqual(ids, 0);
        for (int i = ids.Shape.Rank; i < picked.Shape.Rank; i++) kept = ArrayOps.ExpandDims(kept, -1);
        kept = MathOps.LogicalAnd(kept, ArrayOps.OnesLike(picked, DType.Bool));
        return MathOps.Where(kept, picked, ArrayOps.ZerosLike(picked));
    }
}
