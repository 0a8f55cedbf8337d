using System.Runtime.InteropServices;
using AlexNetTF.Kernels;

namespace AlexNetTF.Tests.Kernels;

/// <summary>Shapes for the convolution tests, and the three kernels run as a caller runs them.</summary>
internal static unsafe class ConvolutionCases
{
    /// <summary>A shape with <paramref name="before"/> and <paramref name="after"/> cells of padding.</summary>
    internal static ConvShape Shape(
        int batch, (int H, int W) input, (int H, int W) kernel, int channels, int filters, int groups = 1,
        (int Y, int X)? stride = null, (int Y, int X)? dilation = null, (int Top, int Left) before = default,
        (int Bottom, int Right) after = default)
    {
        (int sy, int sx) = stride ?? (1, 1);
        (int dy, int dx) = dilation ?? (1, 1);
        return new ConvShape
        {
            Batch = batch, InHeight = input.H, InWidth = input.W, InChannels = channels,
            KernelHeight = kernel.H, KernelWidth = kernel.W, OutChannels = filters, Groups = groups,
            StrideY = sy, StrideX = sx, DilationY = dy, DilationX = dx, PadTop = before.Top, PadLeft = before.Left,
            OutHeight = (input.H + before.Top + after.Bottom - (kernel.H - 1) * dy - 1) / sy + 1,
            OutWidth = (input.W + before.Left + after.Right - (kernel.W - 1) * dx - 1) / sx + 1,
        };
    }

    /// <summary>Small shapes that meet every corner.</summary>
    internal static IEnumerable<ConvShape> Corners()
    {
        yield return Shape(1, (1, 1), (1, 1), 1, 1);
        yield return Shape(2, (7, 9), (3, 3), 5, 7, before: (1, 1), after: (1, 1));
        yield return Shape(3, (6, 6), (1, 1), 33, 40);
        yield return Shape(1, (20, 14), (5, 3), 4, 34, before: (2, 1), after: (2, 1));
        yield return Shape(2, (23, 23), (11, 11), 3, 33, stride: (4, 4));
        yield return Shape(1, (23, 21), (11, 11), 3, 9, stride: (4, 4), before: (4, 3), after: (4, 4));
        yield return Shape(2, (9, 9), (3, 3), 8, 12, groups: 2, before: (1, 1), after: (1, 1));
        yield return Shape(1, (8, 8), (3, 3), 128, 70, groups: 2, before: (1, 1), after: (1, 1));
        yield return Shape(1, (11, 12), (3, 3), 6, 10, dilation: (2, 3), before: (2, 3), after: (2, 3));
        yield return Shape(2, (12, 11), (3, 2), 4, 6, stride: (2, 3), dilation: (2, 1), before: (1, 0), after: (2, 1));
        yield return Shape(1, (10, 10), (3, 3), 4, 4, groups: 4, before: (1, 1), after: (1, 1));
        yield return Shape(1, (4, 5), (2, 2), 700, 3);
        yield return Shape(1, (9, 9), (3, 3), 3, 5, before: (-2, -1), after: (0, -1));
        yield return Shape(1, (3, 3), (3, 3), 3, 5, before: (4, 5), after: (3, 2));
        yield return Shape(1, (5, 5), (1, 1), 3, 2, stride: (3, 3));
        yield return Shape(1, (6, 7), (3, 3), 256, 16, before: (1, 1), after: (1, 1));
        yield return Shape(1, (6, 30), (1, 1), 1024, 5);
        yield return Shape(0, (6, 7), (3, 3), 2, 4);
        yield return Shape(1, (40, 3), (7, 1), 2, 65, before: (3, 0), after: (3, 0));
    }

    /// <summary>Shapes that Winograd's algorithm can do, most of them too small for it to pay.</summary>
    internal static IEnumerable<ConvShape> Tileable()
    {
        yield return Shape(1, (5, 3), (3, 3), 1, 3);
        yield return Shape(1, (4, 4), (3, 3), 5, 3, before: (1, 1), after: (1, 1));
        yield return Shape(3, (13, 13), (3, 3), 20, 40, before: (1, 1), after: (1, 1));
        yield return Shape(2, (18, 30), (3, 3), 16, 33);
        yield return Shape(5, (9, 12), (3, 3), 24, 36, before: (1, 1), after: (1, 1));
        yield return Shape(7, (12, 13), (3, 3), 17, 64, groups: 1, before: (1, 1), after: (1, 1));
        yield return Shape(40, (7, 7), (3, 3), 16, 32);
        yield return Shape(2, (21, 37), (9, 9), 3, 20, stride: (3, 3));
        yield return Shape(1, (9, 10), (3, 3), 64, 96, groups: 2, before: (1, 1), after: (1, 1));
        yield return Shape(2, (9, 14), (5, 5), 6, 20, before: (2, 2), after: (2, 2));
        yield return Shape(1, (12, 12), (5, 5), 32, 48, groups: 2, before: (2, 2), after: (2, 2));
        yield return Shape(2, (47, 47), (11, 11), 3, 40, stride: (4, 4));
        yield return Shape(1, (30, 33), (11, 10), 3, 17, stride: (4, 4), before: (3, 5), after: (4, 5));
        yield return Shape(1, (14, 17), (6, 5), 8, 10, groups: 2, stride: (2, 2), before: (2, 1), after: (2, 3));
        yield return Shape(1, (40, 21), (9, 9), 4, 8, stride: (2, 2), before: (4, 4), after: (3, 4));
        yield return Shape(1, (6, 7), (3, 3), 600, 16, before: (1, 1), after: (1, 1));
        yield return Shape(1, (12, 12), (3, 3), 4, 7, before: (-1, -2), after: (-3, 0));
        yield return Shape(7, (13, 13), (3, 3), 48, 70, before: (1, 1), after: (1, 1));
    }

    /// <summary>AlexNet's five convolutions.</summary>
    internal static ConvShape[] AlexNet(int batch) =>
    [
        Shape(batch, (227, 227), (11, 11), 3, 96, stride: (4, 4)),
        Shape(batch, (27, 27), (5, 5), 96, 256, groups: 2, before: (2, 2), after: (2, 2)),
        Shape(batch, (13, 13), (3, 3), 256, 384, before: (1, 1), after: (1, 1)),
        Shape(batch, (13, 13), (3, 3), 384, 384, groups: 2, before: (1, 1), after: (1, 1)),
        Shape(batch, (13, 13), (3, 3), 384, 256, groups: 2, before: (1, 1), after: (1, 1)),
    ];

    internal static Floats Input(in ConvShape s, int seed) => Floats.Random(s.Batch * s.InPicture, new Random(seed));

    internal static Floats Output(in ConvShape s, int seed) => Floats.Random(s.Batch * s.OutPicture, new Random(seed));

    internal static Floats Filter(in ConvShape s, int seed) => Floats.Random(s.FilterLength, new Random(seed));

    internal static float[] Forward(
        in ConvShape s, float* x, float* w, float* bias = null, bool relu = false, int threads = 1, bool winograd = true, bool force = false)
    {
        var conv = new Convolution(s, winograd, force);
        using var y = new Floats(s.Batch * s.OutPicture);
        using var prepared = new Floats(conv.FilterBytes / sizeof(float));
        using var workspace = new Floats((conv.WorkspaceBytes(threads) + 3) / sizeof(float));
        conv.PrepareFilter(w, prepared.Data, threads);
        conv.Run(x, w, prepared.Data, y.Data, bias, relu, workspace.Data, threads);
        return y.ToArray();
    }

    internal static float[] InputGradient(
        in ConvShape s, float* w, float* dy, int threads = 1, bool winograd = true, bool force = false)
    {
        var conv = new ConvolutionInputGradient(s, winograd, force);
        using var dx = new Floats(s.Batch * s.InPicture);
        using var prepared = new Floats(conv.FilterBytes / sizeof(float));
        using var workspace = new Floats((conv.WorkspaceBytes(threads) + 3) / sizeof(float));
        conv.PrepareFilter(w, prepared.Data, threads);
        conv.Run(dy, w, prepared.Data, dx.Data, workspace.Data, threads);
        return dx.ToArray();
    }

    internal static float[] FilterGradient(
        in ConvShape s, float* x, float* dy, int threads = 1, bool winograd = true, bool force = false)
    {
        var conv = new ConvolutionFilterGradient(s, winograd, force);
        using var dw = new Floats(s.FilterLength);
        using var workspace = new Floats((conv.WorkspaceBytes + 3) / sizeof(float));
        conv.Run(x, dy, dw.Data, workspace.Data, threads);
        return dw.ToArray();
    }
}
