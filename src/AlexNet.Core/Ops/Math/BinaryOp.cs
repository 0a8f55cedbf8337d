using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

/// <summary>Element-wise arithmetic ops, comparisons, reductions and type conversion.</summary>
public static partial class MathOps
{
    /// <summary>
    /// Adds an op of two operands inside a name scope of its own; an operand that is a value becomes a Const named after
    /// the op's argument, in the other operand's element type.
    /// </summary>
    internal static Tensor Binary(OpDef def, Operand x, Operand y, string? name) => Binary(GraphOf(x, y), TypeOf(x, y), def, x, y, name);

    internal static Tensor Binary(Graph graph, DType? type, OpDef def, Operand x, Operand y, string? name)
    {
        using NameScope scope = graph.NameScope(name ?? def.DefaultName);
        return graph.Add(def, [x.ToTensor(graph, type, "x"), y.ToTensor(graph, type, "y")], scope.Name);
    }

    internal static Graph GraphOf(Operand x, Operand y) => (x.Tensor ?? y.Tensor)?.Graph ?? Graph.Default;

    internal static DType? TypeOf(Operand x, Operand y) => (x.Tensor ?? y.Tensor)?.DType;
}

/// <summary>An element-wise op of two operands of one type, with NumPy's broadcasting.</summary>
internal abstract class BinaryOp : OpDef
{
    /// <summary>The types that the op takes.</summary>
    protected virtual DType[] Types => NumberTypes.All;

    /// <summary>The result's type.</summary>
    protected virtual DType ResultOf(DType operand) => operand;

    /// <summary>The kernel for one element type; truth values come as bytes.</summary>
    protected abstract Kernel Make<T>(BroadcastPlan plan)
        where T : unmanaged, INumber<T>;

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("T", op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.SameType(0, 1);
        return [new(ResultOf(inputs.Require(0, Types)), Broadcasting.Infer(inputs, 0, 1))];
    }

    public override Kernel CreateKernel(KernelSpec spec)
    {
        var plan = new BroadcastPlan(spec.Input(0).Dims, spec.Input(1).Dims);
        return spec.Input(0).Type switch
        {
            DType.Float32 => Make<float>(plan),
            DType.Float64 => Make<double>(plan),
            DType.Int32 => Make<int>(plan),
            DType.Int64 => Make<long>(plan),
            DType.Int16 => Make<short>(plan),
            DType.Int8 => Make<sbyte>(plan),
            _ => Make<byte>(plan),
        };
    }
}

/// <summary>The kernel of a <see cref="BinaryOp"/>.</summary>
internal sealed unsafe class BinaryKernel<T, TResult, TFunction>(BroadcastPlan plan) : Kernel
    where T : unmanaged
    where TResult : unmanaged
    where TFunction : struct, IBinary<TFunction, T, TResult>
{
    public override bool MayOverwrite(int input) => typeof(T) == typeof(TResult);

    public override void Run(KernelContext context)
    {
        T* x = (T*)context.InputPointer(0), y = (T*)context.InputPointer(1);
        if (TFunction.Problem(new(x, (int)context.InputInfo(0).Count), new(y, (int)context.InputInfo(1).Count)) is { } problem)
        {
            throw context.Error(problem);
        }

        Workers.For(context.Threads, plan.Blocks, new BinaryLoop<T, TResult, TFunction>(plan, x, y, (TResult*)context.OutputPointer(0)));
    }
}
