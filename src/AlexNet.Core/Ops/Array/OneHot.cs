namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>A row per index that is "on" at the index and "off" elsewhere (<c>tf.one_hot</c>); all off for an index outside [0, depth).</summary>
    /// <param name="indices">int32, int64 or uint8.</param>
    /// <param name="depth">The length of a row.</param>
    /// <param name="onValue">1 if null.</param>
    /// <param name="offValue">0 if null.</param>
    /// <param name="axis">Where the new dimension stands in the result; −1 is last.</param>
    /// <param name="type">The element type; the given values' if null, else float32.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">The depth is negative, or the two values' types differ.</exception>
    public static Tensor OneHot(Tensor indices, Operand depth, Operand? onValue = null, Operand? offValue = null, int axis = -1, DType? type = null, string? name = null)
    {
        Graph graph = indices.Graph;
        DType like = type ?? onValue?.Tensor?.DType ?? offValue?.Tensor?.DType ?? DType.Float32;
        using NameScope scope = graph.NameScope(name ?? "one_hot");

        // TensorFlow makes the values that are missing first, then those that are given, after the depth.
        Tensor? on = onValue is null ? graph.Constant(Splat.Of(like, [], 1), "on_value") : null;
        Tensor? off = offValue is null ? graph.Constant(Splat.Of(like, [], 0), "off_value") : null;
        Tensor length = depth.ToTensor(graph, DType.Int32, "depth");
        on ??= onValue!.Value.ToTensor(graph, like, "on_value");
        off ??= offValue!.Value.ToTensor(graph, like, "off_value");
        return graph.Add(new OneHotOp(axis), [indices, length, on, off], scope.Name);
    }
}

internal sealed class OneHotOp(int axis) : OpDef
{
    public override string Type => "OneHot";

    public override Gradient Gradient => Gradient.None("the result does not depend smoothly on indices");

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[2].DType);
        attributes.Add("TI", op.Inputs[0].DType);
        attributes.Add("axis", axis);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        if (inputs[0].Type is not (DType.Int32 or DType.Int64 or DType.UInt8)) throw inputs.Error($"the indices must be int32, int64 or uint8, not {inputs[0].Type.Name()}");
        if (axis < -1) throw inputs.Error($"the axis must be -1 or more; it is {axis}");
        inputs.RequireScalar(2);
        inputs.RequireScalar(3);
        DType type = inputs.SameType(2, 3);
        long? depth = inputs.Int32Scalar(1);
        if (depth is < 0 or > int.MaxValue) throw inputs.Error($"the depth must be 0 or more; it is {depth}");
        Shape shape = inputs[0].Shape;
        return [new(type, shape.HasRank ? shape.Insert(inputs.Axis(axis, shape.Rank + 1), (int?)depth) : shape)];
    }

    public override Kernel CreateKernel(KernelSpec spec) => new OneHotKernel(spec, ArrayRules.Axis(axis, spec.Output(0).Rank));

    private sealed unsafe class OneHotKernel : Kernel
    {
        private readonly int depth, elementSize;
        private readonly long inner;
        private readonly DType indexType;
        private readonly Move off;

        public OneHotKernel(KernelSpec spec, int axis)
        {
            depth = spec.Output(0).Dims[axis];
            inner = Shape.CountOf(spec.Output(0).Dims.AsSpan(axis + 1));
            elementSize = spec.Output(0).Type.Size();
            indexType = spec.Input(0).Type;
            off = Moves.FillAll(spec, 3);
        }

        public override void Run(KernelContext context)
        {
            byte* target = (byte*)context.OutputPointer(0), on = (byte*)context.InputPointer(2);
            off.Copy.Run((byte*)context.InputPointer(3), target, context.Threads);
            void* indices = context.InputPointer(0);
            long count = context.InputInfo(0).Count;
            for (long i = 0; i < count; i++)
            {
                long index = indexType switch
                {
                    DType.Int32 => ((int*)indices)[i],
                    DType.Int64 => ((long*)indices)[i],
                    _ => ((byte*)indices)[i],
                };
                if (index < 0 || index >= depth) continue;
                Buffer.MemoryCopy(on, target + (((((i / inner * depth) + index) * inner) + (i % inner)) * elementSize), elementSize, elementSize);
            }
        }
    }
}
