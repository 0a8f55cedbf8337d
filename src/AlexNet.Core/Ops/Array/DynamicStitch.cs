namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>
    /// Slices from several tensors put into one by index (<c>tf.dynamic_stitch</c>): result[indices[m][i]] = data[m][i]; of
    /// several slices with one index the last wins. An index that nobody names leaves zeros.
    /// </summary>
    /// <param name="indices">int32 tensors of any shape.</param>
    /// <param name="data">Per tensor of indices one tensor whose shape begins with theirs.</param>
    /// <param name="name">The node's name.</param>
    public static Tensor DynamicStitch(IReadOnlyList<Tensor> indices, IReadOnlyList<Tensor> data, string? name = null) =>
        data[0].Graph.Add(new DynamicStitchOp(), [.. indices, .. data], name);
}

internal sealed class DynamicStitchOp : OpDef
{
    public override string Type => "DynamicStitch";

    public override Gradient Gradient => Gradient.Of((op, dy) =>
    {
        int count = op.Inputs.Count / 2;
        return [.. Enumerable.Repeat<Tensor?>(null, count), .. op.Inputs.Take(count).Select(indices => ArrayOps.Gather(dy[0], indices))];
    });

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("N", op.Inputs.Count / 2);
        attributes.Add("T", op.Inputs[^1].DType);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        int count = inputs.Count / 2;
        DType type = inputs.SameType(count, inputs.Count - 1);
        Shape rest = Shape.Unknown;
        long? most = -1;
        for (int i = 0; i < count; i++)
        {
            if (inputs[i].Type != DType.Int32) throw inputs.Error($"input {i}, of indices, must be int32, not {inputs[i].Type.Name()}");
            long[]? indices = inputs.Integers(i);
            most = indices is null || most is null ? null : indices.Append(most.Value).Max();
            if (indices?.Any(index => index < 0) == true) throw inputs.Error($"indices must be 0 or more; input {i} holds [{string.Join(",", indices)}]");
            Shape places = inputs[i].Shape, data = inputs[count + i].Shape;
            if (!places.HasRank || !data.HasRank) continue;
            if (places.Rank > data.Rank || places.MergeWith(data.Slice(0, places.Rank)) is null) throw inputs.Error($"the shape of input {count + i}, {data}, must begin with that of its indices, {places}");
            rest = rest.MergeWith(data.Slice(places.Rank, data.Rank - places.Rank)) ?? throw inputs.Error($"all slices must have one shape; those of input {count + i} have {data.Slice(places.Rank, data.Rank - places.Rank)}, the ones before it {rest}");
        }

        return [new(type, new Shape((int?)(most + 1)).Concat(rest))];
    }

    // Sizes put together from lists, as a reduction's gradient does.
    public override Shape? InferValue(InferenceContext inputs)
    {
        int count = inputs.Count / 2;
        var sizes = new Dictionary<long, int?>();
        for (int i = 0; i < count; i++)
        {
            if (inputs.Integers(i) is not { } indices || inputs.Sizes(count + i) is not { HasRank: true } values || values.Rank != indices.Length) return null;
            for (int j = 0; j < indices.Length; j++) sizes[indices[j]] = values[j];
        }

        return Enumerable.Range(0, sizes.Count).All(i => sizes.ContainsKey(i)) ? new Shape([.. sizes.OrderBy(pair => pair.Key).Select(pair => pair.Value)]) : null;
    }

    public override Kernel CreateKernel(KernelSpec spec) => new StitchKernel(spec);

    private sealed unsafe class StitchKernel(KernelSpec spec) : Kernel
    {
        private readonly int count = spec.InputCount / 2;
        private readonly long sliceBytes = Shape.CountOf(spec.Output(0).Dims.AsSpan(1)) * spec.Output(0).Type.Size();

        public override void Run(KernelContext context)
        {
            byte* target = (byte*)context.OutputPointer(0);
            new Span<byte>(target, checked((int)context.OutputInfo(0).Bytes)).Clear();
            for (int m = 0; m < count; m++)
            {
                ReadOnlySpan<int> indices = context.Input<int>(m);
                byte* source = (byte*)context.InputPointer(count + m);
                for (int i = 0; i < indices.Length; i++)
                {
                    if (indices[i] < 0 || indices[i] >= context.OutputInfo(0).Dims[0]) throw context.Error($"index {indices[i]} lies outside [0, {context.OutputInfo(0).Dims[0]})");
                    Buffer.MemoryCopy(source + (i * sliceBytes), target + (indices[i] * sliceBytes), sliceBytes, sliceBytes);
                }
            }
        }
    }
}
