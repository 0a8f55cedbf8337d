using System.Runtime.CompilerServices;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class StateOps
{
    /// <summary>a = a · momentum + gradient; variable −= rate · a, or Nesterov's variable −= rate · gradient + rate · momentum · a (op ApplyMomentum).</summary>
    /// <param name="variable">The variable's reference.</param>
    /// <param name="accumulator">The reference of a, of the variable's shape.</param>
    /// <param name="rate">The learning rate, a scalar.</param>
    /// <param name="gradient">The gradient, of the variable's shape.</param>
    /// <param name="momentum">The momentum, a scalar.</param>
    /// <param name="useNesterov">Whether to look ahead.</param>
    /// <param name="name">The node's name.</param>
    public static Tensor ApplyMomentum(
        Tensor variable, Tensor accumulator, Tensor rate, Tensor gradient, Tensor momentum, bool useNesterov = false, string? name = null) =>
        variable.Graph.Add(new ApplyMomentumOp(useNesterov), [variable, accumulator, rate, gradient, momentum], name);
}

internal sealed class ApplyMomentumOp(bool nesterov) : UpdateOp
{
    public override string Type => "ApplyMomentum";

    protected override int Slots => 1;

    public override int GradientInput => 3;

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        base.DescribeAttributes(attributes, op);
        attributes.Add("use_nesterov", nesterov);
    }

    public override Kernel CreateKernel(KernelSpec spec) => nesterov
        ? Make<NesterovRule>(spec, Numbers)
        : Make<MomentumRule>(spec, Numbers);

    private static UpdateNumbers Numbers(KernelContext context) => new() { First = Scalar(context, 2), Second = Scalar(context, 4) };
}

internal struct MomentumRule : IUpdateRule
{
    public static int Slots => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<V>(ref V w, ref V a, ref V b, V g, in UpdateNumbers p)
        where V : struct, ISimd<V>
    {
        a = V.Add(V.Mul(a, V.Broadcast((float)p.Second)), g);
        w = V.Sub(w, V.Mul(a, V.Broadcast((float)p.First)));
    }

    public static void Apply(ref double w, ref double a, ref double b, double g, in UpdateNumbers p)
    {
        a = (a * p.Second) + g;
        w -= a * p.First;
    }
}

internal struct NesterovRule : IUpdateRule
{
    public static int Slots => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<V>(ref V w, ref V a, ref V b, V g, in UpdateNumbers p)
        where V : struct, ISimd<V>
    {
        V rate = V.Broadcast((float)p.First), momentum = V.Broadcast((float)p.Second);
        a = V.Add(V.Mul(a, momentum), g);
        w = V.Sub(w, V.Add(V.Mul(g, rate), V.Mul(V.Mul(a, momentum), rate)));
    }

    public static void Apply(ref double w, ref double a, ref double b, double g, in UpdateNumbers p)
    {
        a = (a * p.Second) + g;
        w -= (g * p.First) + (a * p.Second * p.First);
    }
}
