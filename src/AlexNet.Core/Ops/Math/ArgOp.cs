using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    internal static Tensor Arg(OpDef def, Tensor x, Operand axis, string? name)
    {
        using NameScope scope = x.Graph.NameScope(name ?? def.Type);
        return x.Graph.Add(def, [x, axis.ToTensor(x.Graph, DType.Int32, "dimension")], scope.Name);
    }
}

/// <summary>An op that gives the place of an extreme element along one dimension, which disappears.</summary>
internal abstract class ArgOp(DType outputType, bool smallest) : OpDef
{
    public override Gradient Gradient => Gradient.None("a place has no gradient");

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("Tidx", op.Inputs[1].DType);
        attributes.Add("output_type", outputType);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.Require(0, NumberTypes.All);
        inputs.Require(1, [DType.Int32, DType.Int64]);
        if (outputType is not (DType.Int32 or DType.Int64)) throw inputs.Error($"places are int32 or int64, not {outputType.Name()}");
        inputs.WithRank(1, 0);
        Shape shape = inputs[0].Shape;
        if (!shape.HasRank) return [new(outputType, Shape.Unknown)];
        if (shape.Rank == 0) throw inputs.Error("a scalar has no dimension to look along");
        if (inputs.Integers(1) is not { } given) return [new(outputType, Shape.OfRank(shape.Rank - 1))];
        int axis = ReductionAxes.Of(given, shape.Rank, out string? problem).FirstOrDefault();
        if (problem is not null) throw inputs.Error(problem);
        return [new(outputType, shape.Slice(0, axis).Concat(shape.Slice(axis + 1, shape.Rank - axis - 1)))];
    }

    public override Kernel CreateKernel(KernelSpec spec)
    {
        int[] dims = spec.Input(0).Dims;
        int axis = spec.Integer(1);
        if (axis < 0) axis += dims.Length;
        if (dims[axis] == 0) throw spec.Error($"dimension {axis} is empty, so no element of it is the {(smallest ? "smallest" : "largest")}");
        long inner = 1;
        for (int d = axis + 1; d < dims.Length; d++) inner *= dims[d];
        return spec.Input(0).Type switch
        {
            DType.Float32 => Of<float>(dims[axis], inner),
            DType.Float64 => Of<double>(dims[axis], inner),
            DType.Int32 => Of<int>(dims[axis], inner),
            DType.Int64 => Of<long>(dims[axis], inner),
            DType.Int16 => Of<short>(dims[axis], inner),
            DType.Int8 => Of<sbyte>(dims[axis], inner),
            _ => Of<byte>(dims[axis], inner),
        };
    }

    private Kernel Of<T>(int length, long inner)
        where T : unmanaged, INumber<T>, IMinMaxValue<T> => smallest
        ? new ArgKernel<T, ArgSmallest<T>>(length, inner)
        : new ArgKernel<T, ArgLargest<T>>(length, inner);

    private sealed unsafe class ArgKernel<T, TOrder>(int length, long inner) : Kernel
        where T : unmanaged
        where TOrder : struct, IOrder<T>
    {
        public override void Run(KernelContext context)
        {
            TensorInfo output = context.OutputInfo(0);
            var loop = new ArgLoop<T, TOrder>(length, inner, output.Count, (T*)context.InputPointer(0), context.OutputPointer(0), output.Type == DType.Int64);
            Workers.For(context.Threads, loop.Blocks, loop);
        }
    }
}
