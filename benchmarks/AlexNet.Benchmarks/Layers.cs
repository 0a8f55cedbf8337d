using AlexNetTF.Kernels;

namespace AlexNetTF.Benchmarks;

/// <summary>One kernel with its data, ready to run; <see cref="Flops"/> counts the operations of the definition.</summary>
internal sealed class KernelCase(string name, double flops, double bytes, Action run, params IDisposable[] data) : IDisposable
{
    internal string Name { get; } = name;

    internal double Flops { get; } = flops;

    /// <summary>Memory that must be read or written at least.</summary>
    internal double Bytes { get; } = bytes;

    internal void Run() => run();

    public void Dispose()
    {
        foreach (IDisposable d in data)
            d.Dispose();
    }
}

/// <summary>AlexNet's layers as kernel calls.</summary>
internal static unsafe class Layers
{
    internal static readonly (string Name, ConvShape Shape)[] Convolutions =
    [
        ("conv1", Shape(227, 11, 3, 96, 1, 4, 0)),
        ("conv2", Shape(27, 5, 96, 256, 2, 1, 2)),
        ("conv3", Shape(13, 3, 256, 384, 1, 1, 1)),
        ("conv4", Shape(13, 3, 384, 384, 2, 1, 1)),
        ("conv5", Shape(13, 3, 384, 256, 2, 1, 1)),
    ];

    internal static readonly (string Name, int Inputs, int Outputs)[] Connected =
        [("fc6", 9216, 4096), ("fc7", 4096, 4096), ("fc8", 4096, 1000)];

    private static ConvShape Shape(int size, int kernel, int channels, int filters, int groups, int stride, int pad)
    {
        int output = (size + 2 * pad - kernel) / stride + 1;
        return new ConvShape
        {
            InHeight = size, InWidth = size, InChannels = channels, KernelHeight = kernel, KernelWidth = kernel,
            OutHeight = output, OutWidth = output, OutChannels = filters, Groups = groups, StrideY = stride, StrideX = stride,
            PadTop = pad, PadLeft = pad,
        };
    }

    private static double Flops(in ConvShape s) => 2.0 * s.Batch * s.OutPicture * s.KernelHeight * s.KernelWidth * s.GroupInChannels;

    private static double Bytes(in ConvShape s) => sizeof(float) * (s.Batch * (double)(s.InPicture + s.OutPicture) + s.FilterLength);

    internal static KernelCase Forward(string name, ConvShape shape, int batch, int threads, bool winograd = true)
    {
        ConvShape s = shape with { Batch = batch };
        var conv = new Convolution(s, winograd);
        Block x = new(s.Batch * s.InPicture), w = new(s.FilterLength), y = new(s.Batch * s.OutPicture), bias = new(s.OutChannels);
        Block prepared = new(conv.FilterBytes / 4), workspace = new(conv.WorkspaceBytes(threads) / 4 + 1);
        conv.PrepareFilter(w.Data, prepared.Data, threads);
        return new KernelCase(name, Flops(s), Bytes(s),
            () => conv.Run(x.Data, w.Data, prepared.Data, y.Data, bias.Data, true, workspace.Data, threads), x, w, y, bias, prepared, workspace);
    }

    /// <summary>Bringing a filter into the order in which the forward kernel reads it, as each step of training does.</summary>
    internal static KernelCase Preparation(string name, ConvShape shape, int threads)
    {
        var conv = new Convolution(shape with { Batch = 1 });
        Block w = new(shape.FilterLength), prepared = new(conv.FilterBytes / 4);
        return new KernelCase(name, 0, (sizeof(float) * shape.FilterLength) + conv.FilterBytes, () => conv.PrepareFilter(w.Data, prepared.Data, threads), w, prepared);
    }

    internal static KernelCase InputGradient(string name, ConvShape shape, int batch, int threads, bool winograd = true)
    {
        ConvShape s = shape with { Batch = batch };
        var conv = new ConvolutionInputGradient(s, winograd);
        Block dx = new(s.Batch * s.InPicture), w = new(s.FilterLength), dy = new(s.Batch * s.OutPicture);
        Block prepared = new(conv.FilterBytes / 4), workspace = new(conv.WorkspaceBytes(threads) / 4 + 1);
        conv.PrepareFilter(w.Data, prepared.Data, threads);
        return new KernelCase(name, Flops(s), Bytes(s),
            () => conv.Run(dy.Data, w.Data, prepared.Data, dx.Data, workspace.Data, threads), dx, w, dy, prepared, workspace);
    }

    internal static KernelCase FilterGradient(string name, ConvShape shape, int batch, int threads, bool winograd = true)
    {
        ConvShape s = shape with { Batch = batch };
        var conv = new ConvolutionFilterGradient(s, winograd);
        Block x = new(s.Batch * s.InPicture), dw = new(s.FilterLength), dy = new(s.Batch * s.OutPicture);
        Block workspace = new(conv.WorkspaceBytes / 4 + 1);
        return new KernelCase(name, Flops(s), Bytes(s),
            () => conv.Run(x.Data, dy.Data, dw.Data, workspace.Data, threads), x, dw, dy, workspace);
    }

    /// <summary>y = x·w + bias, relu.</summary>
    internal static KernelCase FullForward(string name, int inputs, int outputs, int batch, int threads)
    {
        Block x = new((long)batch * inputs), w = new((long)inputs * outputs), y = new((long)batch * outputs), bias = new(outputs);
        var shape = new GemmShape(batch, outputs, inputs);
        return Full(name, inputs, outputs, batch,
            () => Gemm.Run(shape, x.Data, w.Data, y.Data, new GemmEpilogue { Bias = bias.Data, Relu = true }, threads), x, w, y, bias);
    }

    /// <summary>dx = dy·wᵀ.</summary>
    internal static KernelCase FullInputGradient(string name, int inputs, int outputs, int batch, int threads)
    {
        Block dx = new((long)batch * inputs), w = new((long)inputs * outputs), dy = new((long)batch * outputs);
        var shape = new GemmShape(batch, inputs, outputs, false, true);
        return Full(name, inputs, outputs, batch, () => Gemm.Run(shape, dy.Data, w.Data, dx.Data, default, threads), dx, w, dy);
    }

    /// <summary>w −= rate·xᵀ·dy.</summary>
    internal static KernelCase FullDescent(string name, int inputs, int outputs, int batch, int threads)
    {
        Block x = new((long)batch * inputs), w = new((long)inputs * outputs), dy = new((long)batch * outputs);
        var shape = new GemmShape(inputs, outputs, batch, true);
        var descend = new GemmEpilogue { Descend = true, Rate = 1e-9f };
        return Full(name, inputs, outputs, batch, () => Gemm.Run(shape, x.Data, dy.Data, w.Data, descend, threads), x, w, dy);
    }

    private static KernelCase Full(string name, int inputs, int outputs, int batch, Action run, params IDisposable[] data) =>
        new(name, 2.0 * batch * inputs * outputs, sizeof(float) * ((double)inputs * outputs + (double)batch * (inputs + outputs)), run, data);

    /// <summary>c = a·b of square matrices, the second one transposed where asked.</summary>
    internal static KernelCase Square(string name, int size, bool transposed, int threads)
    {
        Block a = new((long)size * size), b = new((long)size * size), c = new((long)size * size);
        var shape = new GemmShape(size, size, size, false, transposed);
        return new KernelCase(name, 2.0 * size * size * size, 3.0 * sizeof(float) * size * size,
            () => Gemm.Run(shape, a.Data, b.Data, c.Data, default, threads), a, b, c);
    }

    /// <summary>LRN with max pooling behind conv1 or conv2.</summary>
    internal static KernelCase Norm(string name, int size, int channels, int batch, int threads)
    {
        var shape = new PoolShape
        {
            Batch = batch, InHeight = size, InWidth = size, Channels = channels, KernelHeight = 3, KernelWidth = 3,
            OutHeight = (size - 3) / 2 + 1, OutWidth = (size - 3) / 2 + 1, StrideY = 2, StrideX = 2,
        };
        var p = new LrnParameters(2, 1f, 2e-5f, 0.75f);
        Block x = new(batch * shape.InPicture), y = new(batch * shape.OutPicture);
        return new KernelCase(name, 0, sizeof(float) * batch * (double)(shape.InPicture + shape.OutPicture),
            () => LrnMaxPooling.Run(p, shape, x.Data, y.Data, threads), x, y);
    }
}
