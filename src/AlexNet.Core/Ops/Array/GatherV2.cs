using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>Slices of a tensor picked by index (<c>tf.gather</c>, op GatherV2).</summary>
    /// <param name="parameters">The tensor.</param>
    /// <param name="indices">Which slices, int32 or int64, of any shape; one that does not exist fails in the run.</param>
    /// <param name="axis">The dimension that is indexed; <paramref name="batchDims"/> if null.</param>
    /// <param name="batchDims">How many leading dimensions both tensors share.</param>
    /// <param name="name">The node's name.</param>
    /// <returns>Shape: the dimensions before the axis, then the indices', then those behind the axis.</returns>
    /// <remarks>Its gradient is a dense tensor, where TensorFlow 1 keeps index-value pairs for axis 0 until something asks for a tensor.</remarks>
    public static Tensor Gather(Tensor parameters, Operand indices, Operand? axis = null, int batchDims = 0, string? name = null)
    {
        Graph graph = parameters.Graph;
        using NameScope scope = graph.NameScope(name ?? "GatherV2");
        Tensor places = indices.ToTensor(graph, DType.Int32, "indices");
        return graph.Add(new GatherV2Op(batchDims), [parameters, places, (axis ?? batchDims).ToTensor(graph, DType.Int32, "axis")], scope.Name);
    }
}

internal sealed class GatherV2Op(int batchDims) : OpDef
{
    public override string Type => "GatherV2";

    public override Gradient Gradient => Gradient.Of((op, dy) => batchDims == 0
        ? [GatherGradient.Of(op, op.Inputs[2], dy[0]), null, null]
        : [GatherGradient.Batched(op, Batch(op.Inputs[1].Shape.Rank), dy[0]), null, null]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("Taxis", op.Inputs[2].DType);
        attributes.Add("Tindices", op.Inputs[1].DType);
        attributes.Add("Tparams", op.Inputs[0].DType);
        attributes.Add("batch_dims", batchDims);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.IndexType(1);
        Shape shape = inputs[0].Shape, indices = inputs[1].Shape;
        long? given = inputs.Scalar(2);
        if (shape is { HasRank: true, Rank: 0 }) throw inputs.Error("a scalar cannot be indexed");
        if (!shape.HasRank || !indices.HasRank) return [inputs[0] with { Shape = Shape.Unknown }];
        int batch = Batch(indices.Rank);
        if (batch < 0 || batch > indices.Rank) throw inputs.Error($"there can be 0 to {indices.Rank} batch dimensions, as the indices have shape {indices}; there are {batchDims}");
        if (given is not { } number) return [inputs[0] with { Shape = Shape.OfRank(shape.Rank - 1 + indices.Rank - batch) }];
        int axis = inputs.Axis(number, shape.Rank);
        if (batch > axis) throw inputs.Error($"the axis {axis} must not lie among the {batch} batch dimensions");
        Shape shared = shape.Slice(0, batch).MergeWith(indices.Slice(0, batch))
            ?? throw inputs.Error($"the first {batch} dimensions must be equal; the shapes are {shape} and {indices}");
        return [inputs[0] with { Shape = shared.Concat(shape.Slice(batch, axis - batch)).Concat(indices.Slice(batch, indices.Rank - batch)).Concat(shape.Slice(axis + 1, shape.Rank - axis - 1)) }];
    }

    // Some of a list of sizes.
    public override Shape? InferValue(InferenceContext inputs)
    {
        if (batchDims != 0 || inputs[0].Shape is not { HasRank: true, Rank: 1 } || inputs[1].Shape is not { HasRank: true, Rank: <= 1 }) return null;
        Shape values = inputs.Sizes(0);
        return values.HasRank && inputs.Integers(1) is { } places && Array.TrueForAll(places, place => place >= 0 && place < values.Rank)
            ? new Shape([.. places.Select(place => values[(int)place])])
            : null;
    }

    public override Kernel CreateKernel(KernelSpec spec) =>
        GatherKernel.Of(spec, ArrayRules.Axis(spec.Integers(2)[0], spec.Input(0).Rank), Batch(spec.Input(1).Rank));

    private int Batch(int rank) => batchDims < 0 ? batchDims + rank : batchDims;
}

/// <summary>Copies slices by index.</summary>
internal sealed unsafe class GatherKernel : Kernel
{
    private const int BlockBytes = 1 << 17;

    // Elements: [batches, outer, size, inner] of the tensor, [batches, picked] of the indices.
    private readonly long outer, size, picked, sliceBytes, slices;
    private readonly int slicesPerBlock;
    private readonly bool wide;

    private GatherKernel(KernelSpec spec, int axis, int batchDims)
    {
        int[] dims = spec.Input(0).Dims;
        outer = Shape.CountOf(dims.AsSpan(batchDims, axis - batchDims));
        size = dims[axis];
        sliceBytes = Shape.CountOf(dims.AsSpan(axis + 1)) * spec.Input(0).Type.Size();
        picked = Shape.CountOf(spec.Input(1).Dims.AsSpan(batchDims));
        slices = sliceBytes == 0 ? 0 : spec.Output(0).Bytes / sliceBytes;
        slicesPerBlock = (int)Math.Clamp(BlockBytes / Math.Max(1, sliceBytes), 1, BlockBytes);
        wide = spec.Input(1).Type == DType.Int64;
    }

    public static GatherKernel Of(KernelSpec spec, int axis, int batchDims) => new(spec, axis, batchDims);

    public override void Run(KernelContext context)
    {
        byte* source = (byte*)context.InputPointer(0), target = (byte*)context.OutputPointer(0);
        void* indices = context.InputPointer(1);
        long count = context.InputInfo(1).Count;
        for (long i = 0; i < count; i++)
        {
            long index = IndexAt(indices, i);
            if (index < 0 || index >= size) throw context.Error($"index {i} is {index}, which lies outside [0, {size})");
        }

        Workers.For(context.Threads, checked((int)((slices + slicesPerBlock - 1) / slicesPerBlock)), new Block(this, source, indices, target));
    }

    private long IndexAt(void* indices, long i) => wide ? ((long*)indices)[i] : ((int*)indices)[i];

    private void RunBlock(byte* source, void* indices, byte* target, int block)
    {
        long end = Math.Min(slices, (long)(block + 1) * slicesPerBlock);
        for (long slice = (long)block * slicesPerBlock; slice < end; slice++)
        {
            long group = slice / picked;
            long index = IndexAt(indices, (group / outer * picked) + (slice % picked));
            Buffer.MemoryCopy(source + (((group * size) + index) * sliceBytes), target + (slice * sliceBytes), sliceBytes, sliceBytes);
        }
    }

    private readonly struct Block(GatherKernel kernel, byte* source, void* indices, byte* target) : IBlock
    {
        private readonly byte* source = source;
        private readonly void* indices = indices;
        private readonly byte* target = target;

        public void Run(int block) => kernel.RunBlock(source, indices, target, block);
    }
}
