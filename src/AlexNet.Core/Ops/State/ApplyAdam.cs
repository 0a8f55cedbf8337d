using System.Runtime.CompilerServices;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class StateOps
{
    /// <summary>
    /// m += (g − m)(1 − β1); v += (g² − v)(1 − β2); variable −= α · m / (sqrt(v) + ε) with α = rate · sqrt(1 − β2ᵗ) / (1 − β1ᵗ);
    /// Nesterov takes g(1 − β1) + β1 · m in place of m (op ApplyAdam; Kingma and Ba, 2015).
    /// </summary>
    /// <param name="variable">The variable's reference.</param>
    /// <param name="m">The reference of the gradient's mean.</param>
    /// <param name="v">The reference of the gradient's squared mean.</param>
    /// <param name="beta1Power">β1ᵗ, a scalar.</param>
    /// <param name="beta2Power">β2ᵗ, a scalar.</param>
    /// <param name="rate">The learning rate, a scalar.</param>
    /// <param name="beta1">β1, a scalar.</param>
    /// <param name="beta2">β2, a scalar.</param>
    /// <param name="epsilon">ε, a scalar.</param>
    /// <param name="gradient">The gradient g, of the variable's shape.</param>
    /// <param name="useNesterov">Whether to look ahead.</param>
    /// <param name="name">The node's name.</param>
    public static Tensor ApplyAdam(
        Tensor variable, Tensor m, Tensor v, Tensor beta1Power, Tensor beta2Power, Tensor rate, Tensor beta1, Tensor beta2, Tensor epsilon, Tensor gradient, bool useNesterov = false, string? name = null) =>
        variable.Graph.Add(new ApplyAdamOp(useNesterov), [variable, m, v, beta1Power, beta2Power, rate, beta1, beta2, epsilon, gradient], name);
}

internal sealed class ApplyAdamOp(bool nesterov) : UpdateOp
{
    public override string Type => "ApplyAdam";

    protected override int Slots => 2;

    public override int GradientInput => 9;

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        base.DescribeAttributes(attributes, op);
        attributes.Add("use_nesterov", nesterov);
    }

    public override Kernel CreateKernel(KernelSpec spec)
    {
        Func<KernelContext, UpdateNumbers> numbers = spec.Input(0).Type == DType.Float32 ? Numbers32 : Numbers64;
        return nesterov ? Make<NesterovAdamRule>(spec, numbers) : Make<AdamRule>(spec, numbers);
    }

    // First α, then 1 − β1, 1 − β2, ε and β1, each rounded as TensorFlow rounds it.
    private static UpdateNumbers Numbers32(KernelContext context)
    {
        float power1 = (float)Scalar(context, 3), power2 = (float)Scalar(context, 4), rate = (float)Scalar(context, 5);
        return new UpdateNumbers
        {
            First = rate * MathF.Sqrt(1f - power2) / (1f - power1),
            Second = 1f - (float)Scalar(context, 6),
            Third = 1f - (float)Scalar(context, 7),
            Fourth = Scalar(context, 8),
            Fifth = Scalar(context, 6),
        };
    }

    private static UpdateNumbers Numbers64(KernelContext context) => new()
    {
        First = Scalar(context, 5) * Math.Sqrt(1 - Scalar(context, 4)) / (1 - Scalar(context, 3)),
        Second = 1 - Scalar(context, 6),
        Third = 1 - Scalar(context, 7),
        Fourth = Scalar(context, 8),
        Fifth = Scalar(context, 6),
    };
}

internal struct AdamRule : IUpdateRule
{
    public static int Slots => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<V>(ref V w, ref V a, ref V b, V g, in UpdateNumbers p)
        where V : struct, ISimd<V>
    {
        a = V.Add(a, V.Mul(V.Sub(g, a), V.Broadcast((float)p.Second)));
        b = V.Add(b, V.Mul(V.Sub(V.Mul(g, g), b), V.Broadcast((float)p.Third)));
        w = V.Sub(w, V.Div(V.Mul(a, V.Broadcast((float)p.First)), V.Add(V.Sqrt(b), V.Broadcast((float)p.Fourth))));
    }

    public static void Apply(ref double w, ref double a, ref double b, double g, in UpdateNumbers p)
    {
        a += (g - a) * p.Second;
        b += ((g * g) - b) * p.Third;
        w -= a * p.First / (Math.Sqrt(b) + p.Fourth);
    }
}

internal struct NesterovAdamRule : IUpdateRule
{
    public static int Slots => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<V>(ref V w, ref V a, ref V b, V g, in UpdateNumbers p)
        where V : struct, ISimd<V>
    {
        V rest = V.Broadcast((float)p.Second), beta = V.Broadcast((float)p.Fifth);
        a = V.Add(a, V.Mul(V.Sub(g, a), rest));
        b = V.Add(b, V.Mul(V.Sub(V.Mul(g, g), b), V.Broadcast((float)p.Third)));
        V ahead = V.Add(V.Mul(g, rest), V.Mul(beta, a));
        w = V.Sub(w, V.Div(V.Mul(ahead, V.Broadcast((float)p.First)), V.Add(V.Sqrt(b), V.Broadcast((float)p.Fourth))));
    }

    public static void Apply(ref double w, ref double a, ref double b, double g, in UpdateNumbers p)
    {
        a += (g - a) * p.Second;
        b += ((g * g) - b) * p.Third;
        w -= ((g * p.Second) + (p.Fifth * a)) * p.First / (Math.Sqrt(b) + p.Fourth);
    }
}
