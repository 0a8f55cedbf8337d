using AlexNetTF.Kernels;

namespace AlexNetTF;

/// <summary>
/// Runs the Float32 convolution: input 0 the pictures, input 1 the filter, and where a fusion asks for it input
/// <paramref name="bias"/> the bias, and the rectifier.
/// </summary>
/// <param name="shape">The sizes.</param>
/// <param name="options">What the session allows.</param>
/// <param name="bias">The input that is added to every pixel; −1 for none.</param>
/// <param name="relu">Whether the result is rectified.</param>
internal sealed unsafe class ConvolutionKernel(in ConvShape shape, KernelOptions options, int bias = -1, bool relu = false) : Kernel
{
    private readonly PreparedFilter filter = new(new Convolution(shape, options.AllowWinograd));
    private readonly bool empty = shape.Batch == 0 || shape.InPicture == 0 || shape.OutPicture == 0;

    public override long WorkspaceBytes => FilterOffset + filter.Bytes;

    // Behind the kernel's own scratch memory, for a filter that is no variable or constant.
    private long FilterOffset => ScratchAlignment.Up(filter.Convolution.WorkspaceBytes(options.Threads));

    public override void Run(KernelContext context)
    {
        if (empty)
        {
            RunEmpty(context);
            return;
        }

        filter.Convolution.Run(
            (float*)context.InputPointer(0),
            (float*)context.InputPointer(1),
            context.Derived(1, filter, FilterOffset),
            (float*)context.OutputPointer(0),
            bias < 0 ? null : (float*)context.InputPointer(bias),
            relu,
            context.Workspace,
            context.Threads);
    }

    // Without input channels every sum is 0.
    private void RunEmpty(KernelContext context)
    {
        Span<float> output = context.Output<float>(0);
        output.Clear();
        if (bias < 0) return;
        ReadOnlySpan<float> values = context.Input<float>(bias);
        for (int i = 0; i < output.Length; i++) output[i] = relu ? Math.Max(0, values[i % values.Length]) : values[i % values.Length];
    }

    /// <summary>The filter in the order in which the kernel reads it; equal for equal layouts, whatever the batch.</summary>
    private sealed record PreparedFilter(Convolution Convolution) : DerivedForm(Convolution.FilterBytes)
    {
        public override void Compute(byte* source, byte* destination, int threads) => Convolution.PrepareFilter((float*)source, destination, threads);

        public bool Equals(PreparedFilter? other) => other is not null && Convolution.FilterLayout == other.Convolution.FilterLayout;

        public override int GetHashCode() => Convolution.FilterLayout.GetHashCode();
    }
}

/// <summary>Runs the Float32 gradient of a convolution's pictures: input 1 the filter, input 2 the gradient.</summary>
internal sealed unsafe class InputGradientKernel(in ConvShape shape, KernelOptions options) : Kernel
{
    private readonly PreparedFilter filter = new(new ConvolutionInputGradient(shape, options.AllowWinograd));
    private readonly bool empty = shape.Batch == 0 || shape.InPicture == 0 || shape.OutPicture == 0;

    public override long WorkspaceBytes => FilterOffset + filter.Bytes;

    private long FilterOffset => ScratchAlignment.Up(filter.Gradient.WorkspaceBytes(options.Threads));

    public override void Run(KernelContext context)
    {
        if (empty)
        {
            context.Output<float>(0).Clear();
            return;
        }

        filter.Gradient.Run(
            (float*)context.InputPointer(2),
            (float*)context.InputPointer(1),
            context.Derived(1, filter, FilterOffset),
            (float*)context.OutputPointer(0),
            context.Workspace,
            context.Threads);
    }

    private sealed record PreparedFilter(ConvolutionInputGradient Gradient) : DerivedForm(Gradient.FilterBytes)
    {
        public override void Compute(byte* source, byte* destination, int threads) => Gradient.PrepareFilter((float*)source, destination, threads);

        public bool Equals(PreparedFilter? other) => other is not null && Gradient.FilterLayout == other.Gradient.FilterLayout;

        public override int GetHashCode() => Gradient.FilterLayout.GetHashCode();
    }
}

/// <summary>Runs the Float32 gradient of a convolution's filter: input 0 the pictures, input 2 the gradient.</summary>
internal sealed unsafe class FilterGradientKernel(in ConvShape shape, KernelOptions options) : Kernel
{
    private readonly ConvolutionFilterGradient gradient = new(shape, options.AllowWinograd);
    private readonly bool empty = shape.Batch == 0 || shape.InPicture == 0 || shape.OutPicture == 0;

    public override long WorkspaceBytes => gradient.WorkspaceBytes;

    public override void Run(KernelContext context)
    {
        if (empty)
        {
            context.Output<float>(0).Clear();
            return;
        }

        gradient.Run((float*)context.InputPointer(0), (float*)context.InputPointer(2), (float*)context.OutputPointer(0), (float*)context.Workspace, context.Threads);
    }
}

/// <summary>Keeps pieces of scratch memory on the boundaries that kernels ask for.</summary>
internal static class ScratchAlignment
{
    public static long Up(long bytes) => (bytes + AlignedMemory.Alignment - 1) / AlignedMemory.Alignment * AlignedMemory.Alignment;
}
