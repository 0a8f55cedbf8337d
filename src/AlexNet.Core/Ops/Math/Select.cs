using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>Elements of <paramref name="x"/> where the condition holds, of <paramref name="y"/> elsewhere (<c>tf.where</c> of TensorFlow 1, op Select).</summary>
    /// <param name="condition">Truth values: of the shape of x and y, or a vector that picks whole rows, or a single one.</param>
    /// <param name="x">What is taken where the condition holds.</param>
    /// <param name="y">What is taken elsewhere, of the same shape and type.</param>
    /// <param name="name">The node's name.</param>
    public static Tensor Where(Tensor condition, Operand x, Operand y, string? name = null) => Choice(new SelectOp(), condition, x, y, name);

    internal static Tensor Choice(OpDef def, Tensor condition, Operand x, Operand y, string? name)
    {
        Graph graph = condition.Graph;
        using NameScope scope = graph.NameScope(name ?? def.Type);
        DType? type = TypeOf(x, y);
        return graph.Add(def, [condition, x.ToTensor(graph, type, "t"), y.ToTensor(graph, type, "e")], scope.Name);
    }
}

internal sealed class SelectOp : OpDef
{
    public override string Type => "Select";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op.Inputs[0], op.Inputs[1], dy[0]));

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("T", op.Inputs[1].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.Require(0, [DType.Bool]);
        DType type = inputs.SameType(1, 2);
        Shape shape = inputs[1].Shape.MergeWith(inputs[2].Shape)
            ?? throw inputs.Error($"the two alternatives must have one shape; {inputs[1].Shape} and {inputs[2].Shape} differ");
        Shape condition = inputs[0].Shape;
        bool fits = !condition.HasRank || condition.Rank == 0 || !shape.HasRank || condition.IsCompatibleWith(shape)
            || (condition.Rank == 1 && shape.Rank > 1 && condition.IsCompatibleWith(shape.Slice(0, 1)));
        if (!fits) throw inputs.Error($"the condition's shape {condition} must be that of the alternatives, {shape}, or a vector as long as their first dimension, or a scalar");
        return [new(type, shape)];
    }

    public override Kernel CreateKernel(KernelSpec spec)
    {
        int[] condition = spec.Input(0).Dims, values = spec.Input(1).Dims;
        if (condition.Length == 1 && values.Length > 1)
        {
            var rows = new int[values.Length];
            Array.Fill(rows, 1);
            rows[0] = condition[0];
            condition = rows;
        }

        return SelectKernel.Of(new BroadcastPlan(condition, values, values), spec);
    }

    private static IReadOnlyList<Tensor?> Gradients(Tensor condition, Tensor x, Tensor dy)
    {
        Tensor zeros = ArrayOps.ZerosLike(x);
        Tensor dx = MathOps.Where(condition, dy, zeros);
        return [null, dx, MathOps.Where(condition, zeros, dy)];
    }
}

/// <summary>The kernel of Select and SelectV2 for elements of one size.</summary>
internal static class SelectKernel
{
    public static Kernel Of(BroadcastPlan plan, KernelSpec spec) => spec.Input(1).Type.Size() switch
    {
        1 => new Sized<byte>(plan),
        2 => new Sized<ushort>(plan),
        4 => new Sized<uint>(plan),
        _ => new Sized<ulong>(plan),
    };

    private sealed unsafe class Sized<T>(BroadcastPlan plan) : Kernel
        where T : unmanaged, IBinaryInteger<T>
    {
        public override bool MayOverwrite(int input) => input > 0;

        public override void Run(KernelContext context)
        {
            T* then = (T*)context.InputPointer(1), otherwise = (T*)context.InputPointer(2), result = (T*)context.OutputPointer(0);
            Workers.For(context.Threads, plan.Blocks, new SelectLoop<T>(plan, (byte*)context.InputPointer(0), then, otherwise, result));
        }
    }
}
