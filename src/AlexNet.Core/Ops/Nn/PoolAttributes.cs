using AlexNetTF.Kernels;

namespace AlexNetTF;

/// <summary>The attributes of pooling and of its gradients.</summary>
internal sealed class PoolAttributes(int[] ksize, int[] strides, WindowPadding padding, string dataFormat = "NHWC")
{
    /// <summary>The window, [1, rows, columns, 1].</summary>
    public int[] Ksize { get; } = [.. ksize];

    /// <summary>The steps, [1, rows, columns, 1].</summary>
    public int[] Strides { get; } = [.. strides];

    public WindowPadding Padding => padding;

    public void Describe(AttributeMap map, DType type)
    {
        map.Add("T", type);
        map.Add("data_format", dataFormat);
        map.Add("ksize", Ksize);
        map.Add("padding", padding.Name);
        map.Add("strides", Strides);
    }

    /// <summary>The window over dimension 1 or 2 of an input.</summary>
    public Window Over(TensorInfo input, int dimension) =>
        Window.Of(input.Dimensions[dimension], Ksize[dimension], Strides[dimension], 1, padding, dimension);

    /// <summary>The sizes for kernels.</summary>
    public PoolShape ShapeFor(TensorInfo input)
    {
        Window rows = Over(input, 1);
        Window columns = Over(input, 2);
        return new PoolShape
        {
            Batch = input.Dimensions[0],
            InHeight = rows.Input,
            InWidth = columns.Input,
            Channels = input.Dimensions[3],
            KernelHeight = rows.Kernel,
            KernelWidth = columns.Kernel,
            OutHeight = rows.Output,
            OutWidth = columns.Output,
            StrideY = rows.Stride,
            StrideX = columns.Stride,
            PadTop = rows.Before,
            PadLeft = columns.Before,
        };
    }

    /// <summary>The shape of the pooled pictures.</summary>
    /// <exception cref="GraphException">The window does not fit.</exception>
    public Shape OutputShape(InferenceContext inputs, Shape input)
    {
        WindowRule.RequireNhwc(inputs, dataFormat);
        WindowRule.RequireSpatial(inputs, "window sizes", Ksize);
        WindowRule.RequireSpatial(inputs, "strides", Strides);
        if (padding.Problem() is { } problem) throw inputs.Error(problem);
        if (padding.IsExplicit) throw inputs.Error("pooling has no explicit padding. Pad the input with ArrayOps.Pad");
        return new Shape(input[0], Along(1), Along(2), input[3]);

        int? Along(int dimension) => WindowRule.Output(inputs, input[dimension], Ksize[dimension], Strides[dimension], 1, padding, dimension);
    }
}
