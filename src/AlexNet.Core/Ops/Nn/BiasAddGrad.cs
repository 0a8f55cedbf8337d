using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class Nn
{
    /// <summary>The gradient of a bias: db[c] = Σ dy[…, c] over all dimensions but the last.</summary>
    internal static Tensor BiasAddGrad(Tensor gradient, string? name = null) => gradient.Graph.Add(new BiasAddGradOp(), [gradient], name);
}

internal sealed class BiasAddGradOp(string dataFormat = "NHWC") : OpDef, INumericKernel
{
    public override string Type => "BiasAddGrad";

    public override Gradient Gradient => Gradient.NotDifferentiable("the second derivative of a bias is not offered");

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("data_format", dataFormat);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        WindowRule.RequireNhwc(inputs, dataFormat);
        DType type = NumericKernel.RequireNumbers(inputs);
        Shape gradient = inputs[0].Shape;
        if (!gradient.HasRank) return [new(type, Shape.OfRank(1))];
        if (gradient.Rank < 2) throw inputs.Error($"the gradient must have at least 2 dimensions; its shape is {gradient}");
        return [new(type, new Shape(gradient[gradient.Rank - 1]))];
    }

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(0).Type == DType.Float32 ? new Fast(spec) : NumericKernel.Of(this, spec);

    public Kernel Create<T>(KernelSpec spec)
        where T : unmanaged, INumber<T>, IMinMaxValue<T> => Kernel.Of(context =>
        {
            ReadOnlySpan<T> gradient = context.Input<T>(0);
            Span<T> sums = context.Output<T>(0);
            sums.Clear();
            for (int row = 0; row < gradient.Length; row += sums.Length)
            {
                for (int c = 0; c < sums.Length; c++) sums[c] += gradient[row + c];
            }
        });

    private sealed unsafe class Fast(KernelSpec spec) : Kernel
    {
        private readonly int columns = spec.Output(0).Dimensions[0];
        private readonly long rows = spec.Output(0).Count == 0 ? 0 : spec.Input(0).Count / spec.Output(0).Count;

        public override long WorkspaceBytes => BiasGradient.WorkspaceBytes(rows, columns);

        public override void Run(KernelContext context) =>
            BiasGradient.Run((float*)context.InputPointer(0), rows, columns, (float*)context.OutputPointer(0), context.Workspace, context.Threads);
    }
}
