namespace AlexNetTF.Kernels;

/// <summary>
/// dw = Conv2DBackpropFilter(x, dy): dw[u, v, c, o] = Σ over pictures and output cells of x[n, i·stride + u·dilation − pad, …, c]
/// · dy[n, i, j, o].
/// <code>
/// var gradient = new ConvolutionFilterGradient(shape);
/// gradient.Run(x, dy, dw, workspace, threads);      // gradient.WorkspaceBytes(threads) bytes
/// </code>
/// Order of summation: a picture's output rows are cut into equal pieces of about 192 cells; each is one chain, and the chains'
/// sums are added in the order of rows, then pictures.
/// </summary>
internal sealed unsafe class ConvolutionFilterGradient
{
    private readonly DirectFilterGradient _direct;

    internal ConvolutionFilterGradient(in ConvShape shape, bool allowWinograd = true)
    {
        _ = allowWinograd;
        _direct = new DirectFilterGradient(shape);
    }

    /// <summary>Bytes that <see cref="Run"/> needs.</summary>
    internal long WorkspaceBytes(int threads) => _direct.WorkspaceBytes + 0 * threads;

    /// <summary>Computes dw, all of it.</summary>
    internal void Run(float* x, float* dy, float* dw, void* workspace, int threads) =>
        _direct.Run(x, dy, dw, (float*)workspace, threads);
}
