using System.Runtime.CompilerServices;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class StateOps
{
    /// <summary>variable −= rate · gradient (op ApplyGradientDescent).</summary>
    /// <param name="variable">The variable's reference.</param>
    /// <param name="rate">The learning rate, a scalar of the variable's type.</param>
    /// <param name="gradient">The gradient, of the variable's shape.</param>
    /// <param name="name">The node's name.</param>
    public static Tensor ApplyGradientDescent(Tensor variable, Tensor rate, Tensor gradient, string? name = null) =>
        variable.Graph.Add(new ApplyGradientDescentOp(), [variable, rate, gradient], name);
}

internal sealed class ApplyGradientDescentOp : UpdateOp
{
    public override string Type => "ApplyGradientDescent";

    protected override int Slots => 0;

    public override int GradientInput => 2;

    public override Kernel CreateKernel(KernelSpec spec) => Make<GradientDescentRule>(spec, context => new UpdateNumbers { First = Scalar(context, 1) });
}

internal struct GradientDescentRule : IUpdateRule
{
    public static int Slots => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<V>(ref V w, ref V a, ref V b, V g, in UpdateNumbers p)
        where V : struct, ISimd<V> => w = V.Sub(w, V.Mul(V.Broadcast((float)p.First), g));

    public static void Apply(ref double w, ref double a, ref double b, double g, in UpdateNumbers p) => w -= p.First * g;
}
