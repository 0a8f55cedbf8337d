using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class StateOps
{
    /// <summary>
    /// ms += (g² − ms)(1 − ρ); mg += (g − mg)(1 − ρ); mom = mom · momentum + g · rate / sqrt(ms − mg² + ε); variable −= mom
    /// (op ApplyCenteredRMSProp; Graves, 2013).
    /// </summary>
    /// <param name="variable">The variable's reference.</param>
    /// <param name="meanGradient">The reference of mg.</param>
    /// <param name="meanSquare">The reference of ms.</param>
    /// <param name="velocity">The reference of mom.</param>
    /// <param name="rate">The learning rate, a scalar.</param>
    /// <param name="decay">ρ, a scalar.</param>
    /// <param name="momentum">The momentum, a scalar.</param>
    /// <param name="epsilon">ε, a scalar.</param>
    /// <param name="gradient">The gradient g, of the variable's shape.</param>
    /// <param name="name">The node's name.</param>
    public static Tensor ApplyCenteredRMSProp(
        Tensor variable, Tensor meanGradient, Tensor meanSquare, Tensor velocity, Tensor rate, Tensor decay, Tensor momentum, Tensor epsilon, Tensor gradient, string? name = null) =>
        variable.Graph.Add(new ApplyCenteredRMSPropOp(), [variable, meanGradient, meanSquare, velocity, rate, decay, momentum, epsilon, gradient], name);
}

internal sealed class ApplyCenteredRMSPropOp : UpdateOp
{
    public override string Type => "ApplyCenteredRMSProp";

    protected override int Slots => 3;

    public override int GradientInput => 8;

    public override bool WorksInPieces => false;

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(0).Type == DType.Float32 ? new CenteredKernel<float>() : new CenteredKernel<double>();

    // Three slots are more than the shared loop has, and the op is rare: a plain loop.
    private sealed unsafe class CenteredKernel<T> : Kernel
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public override int AliasedInput => 0;

        public override void Run(KernelContext context)
        {
            var loop = new Loop(context, context.Input<T>(4)[0], T.One - context.Input<T>(5)[0], context.Input<T>(6)[0], context.Input<T>(7)[0]);
            Workers.For(context.Threads, loop.Blocks, loop);
        }

        private readonly struct Loop(KernelContext context, T rate, T rest, T momentum, T epsilon) : IBlock
        {
            private const int BlockElements = 1 << 14;

            private long Count => context.InputInfo(0).Count;

            public int Blocks => checked((int)((Count + BlockElements - 1) / BlockElements));

            public void Run(int block)
            {
                T* variable = At(0), mean = At(1), square = At(2), velocity = At(3), gradient = At(8);
                long end = Math.Min(Count, (block + 1L) * BlockElements);
                for (long i = (long)block * BlockElements; i < end; i++)
                {
                    T g = gradient[i];
                    square[i] += ((g * g) - square[i]) * rest;
                    mean[i] += (g - mean[i]) * rest;
                    velocity[i] = (velocity[i] * momentum) + (g * rate / T.Sqrt(square[i] - (mean[i] * mean[i]) + epsilon));
                    variable[i] -= velocity[i];
                }
            }

            private T* At(int input) => (T*)context.InputPointer(input);
        }
    }
}
