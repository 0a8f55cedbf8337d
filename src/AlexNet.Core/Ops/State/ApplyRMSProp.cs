using System.Runtime.CompilerServices;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class StateOps
{
    /// <summary>ms += (g² − ms)(1 − ρ); mom = mom · momentum + g · rate / sqrt(ms + ε); variable −= mom (op ApplyRMSProp; Hinton, lecture 6e).</summary>
    /// <param name="variable">The variable's reference.</param>
    /// <param name="meanSquare">The reference of ms.</param>
    /// <param name="velocity">The reference of mom.</param>
    /// <param name="rate">The learning rate, a scalar.</param>
    /// <param name="decay">ρ, a scalar.</param>
    /// <param name="momentum">The momentum, a scalar.</param>
    /// <param name="epsilon">ε, a scalar.</param>
    /// <param name="gradient">The gradient g, of the variable's shape.</param>
    /// <param name="name">The node's name.</param>
    public static Tensor ApplyRMSProp(
        Tensor variable, Tensor meanSquare, Tensor velocity, Tensor rate, Tensor decay, Tensor momentum, Tensor epsilon, Tensor gradient, string? name = null) =>
        variable.Graph.Add(new ApplyRMSPropOp(), [variable, meanSquare, velocity, rate, decay, momentum, epsilon, gradient], name);
}

internal sealed class ApplyRMSPropOp : UpdateOp
{
    public override string Type => "ApplyRMSProp";

    protected override int Slots => 2;

    public override int GradientInput => 7;

    public override Kernel CreateKernel(KernelSpec spec) => Make<RMSPropRule>(spec, spec.Input(0).Type == DType.Float32 ? Numbers32 : Numbers64);

    private static UpdateNumbers Numbers32(KernelContext context) => new()
    {
        First = Scalar(context, 3),
        Second = 1f - (float)Scalar(context, 4),
        Third = Scalar(context, 5),
        Fourth = Scalar(context, 6),
    };

    private static UpdateNumbers Numbers64(KernelContext context) => new()
    {
        First = Scalar(context, 3),
        Second = 1 - Scalar(context, 4),
        Third = Scalar(context, 5),
        Fourth = Scalar(context, 6),
    };
}

internal struct RMSPropRule : IUpdateRule
{
    public static int Slots => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<V>(ref V w, ref V a, ref V b, V g, in UpdateNumbers p)
        where V : struct, ISimd<V>
    {
        a = V.Add(a, V.Mul(V.Sub(V.Mul(g, g), a), V.Broadcast((float)p.Second)));
        V step = V.Div(V.Mul(g, V.Broadcast((float)p.First)), V.Sqrt(V.Add(V.Broadcast((float)p.Fourth), a)));
        b = V.Add(V.Mul(b, V.Broadcast((float)p.Third)), step);
        w = V.Sub(w, b);
    }

    public static void Apply(ref double w, ref double a, ref double b, double g, in UpdateNumbers p)
    {
        a += ((g * g) - a) * p.Second;
        b = (b * p.Third) + (g * p.First / Math.Sqrt(p.Fourth + a));
        w -= b;
    }
}
