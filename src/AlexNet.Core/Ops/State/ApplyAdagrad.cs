using System.Runtime.CompilerServices;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class StateOps
{
    /// <summary>a += g²; variable −= g · rate / sqrt(a) (op ApplyAdagrad; Duchi, Hazan and Singer, 2011).</summary>
    /// <param name="variable">The variable's reference.</param>
    /// <param name="accumulator">The reference of a.</param>
    /// <param name="rate">The learning rate, a scalar.</param>
    /// <param name="gradient">The gradient g, of the variable's shape.</param>
    /// <param name="name">The node's name.</param>
    public static Tensor ApplyAdagrad(Tensor variable, Tensor accumulator, Tensor rate, Tensor gradient, string? name = null) =>
        variable.Graph.Add(new ApplyAdagradOp(), [variable, accumulator, rate, gradient], name);
}

internal sealed class ApplyAdagradOp : UpdateOp
{
    public override string Type => "ApplyAdagrad";

    protected override int Slots => 1;

    public override int GradientInput => 3;

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        base.DescribeAttributes(attributes, op);
        attributes.Add("update_slots", true);
    }

    public override Kernel CreateKernel(KernelSpec spec) => Make<AdagradRule>(spec, context => new UpdateNumbers { First = Scalar(context, 2) });
}

internal struct AdagradRule : IUpdateRule
{
    public static int Slots => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<V>(ref V w, ref V a, ref V b, V g, in UpdateNumbers p)
        where V : struct, ISimd<V>
    {
        a = V.Add(a, V.Mul(g, g));
        V inverse = V.Div(V.Broadcast(1f), V.Sqrt(a));
        w = V.Sub(w, V.Mul(V.Mul(g, V.Broadcast((float)p.First)), inverse));
    }

    public static void Apply(ref double w, ref double a, ref double b, double g, in UpdateNumbers p)
    {
        a += g * g;
        w -= g * p.First * (1 / Math.Sqrt(a));
    }
}
