using AlexNetTF.Kernels;

namespace AlexNetTF;

/// <summary>The attributes of a convolution and of its gradients, and the shape rules that they share.</summary>
internal sealed class ConvAttributes(int[] strides, WindowPadding padding, int[]? dilations = null, string dataFormat = "NHWC", bool useCudnnOnGpu = true)
{
    /// <summary>The steps, [1, rows, columns, 1].</summary>
    public int[] Strides { get; } = [.. strides];

    /// <summary>Distances of neighbouring filter cells, [1, rows, columns, 1].</summary>
    public int[] Dilations { get; } = dilations is null ? [1, 1, 1, 1] : [.. dilations];

    public WindowPadding Padding => padding;

    /// <summary>The same convolution with other padding.</summary>
    public ConvAttributes With(WindowPadding other) => new(Strides, other, Dilations, dataFormat, useCudnnOnGpu);

    /// <summary>Whether both convolve alike.</summary>
    public bool SameAs(ConvAttributes other) => Strides.AsSpan().SequenceEqual(other.Strides)
        && Dilations.AsSpan().SequenceEqual(other.Dilations)
        && padding.Name == other.Padding.Name
        && padding.Sizes.AsSpan().SequenceEqual(other.Padding.Sizes);

    public void Describe(AttributeMap map, DType type)
    {
        map.Add("T", type);
        map.Add("data_format", dataFormat);
        map.Add("dilations", Dilations);
        map.Add("explicit_paddings", padding.Sizes);
        map.Add("padding", padding.Name);
        map.Add("strides", Strides);
        map.Add("use_cudnn_on_gpu", useCudnnOnGpu);
    }

    /// <summary>The shape of the convolution of pictures with a filter.</summary>
    /// <param name="inputs">For the error.</param>
    /// <param name="picture">[batch, height, width, channels].</param>
    /// <param name="filter">[rows, columns, channels of a group, outputs].</param>
    /// <exception cref="GraphException">They do not fit.</exception>
    public Shape OutputShape(InferenceContext inputs, Shape picture, Shape filter)
    {
        WindowRule.RequireNhwc(inputs, dataFormat);
        WindowRule.RequireSpatial(inputs, "strides", Strides);
        WindowRule.RequireSpatial(inputs, "dilations", Dilations);
        if (padding.Problem() is { } problem) throw inputs.Error(problem);
        CheckChannels(inputs, picture[3], filter[2], filter[3]);
        return new Shape(picture[0], Along(1), Along(2), filter[3]);

        int? Along(int dimension) => WindowRule.Output(inputs, picture[dimension], filter[dimension - 1], Strides[dimension], Dilations[dimension], padding, dimension);
    }

    /// <summary>The sizes for kernels.</summary>
    public ConvShape ShapeFor(TensorInfo picture, TensorInfo filter)
    {
        IReadOnlyList<int> x = picture.Dimensions;
        IReadOnlyList<int> w = filter.Dimensions;
        Window rows = Window.Of(x[1], w[0], Strides[1], Dilations[1], padding, 1);
        Window columns = Window.Of(x[2], w[1], Strides[2], Dilations[2], padding, 2);
        return new ConvShape
        {
            Batch = x[0],
            InHeight = x[1],
            InWidth = x[2],
            InChannels = x[3],
            KernelHeight = w[0],
            KernelWidth = w[1],
            OutHeight = rows.Output,
            OutWidth = columns.Output,
            OutChannels = w[3],
            Groups = w[2] == 0 ? 1 : x[3] / w[2],
            StrideY = rows.Stride,
            StrideX = columns.Stride,
            DilationY = rows.Dilation,
            DilationX = columns.Dilation,
            PadTop = rows.Before,
            PadLeft = columns.Before,
        };
    }

    private static void CheckChannels(InferenceContext inputs, int? channels, int? perGroup, int? outputs)
    {
        if (channels is not { } all || perGroup is not { } each) return;
        if (each == 0 ? all != 0 : all % each != 0)
        {
            throw inputs.Error($"the pictures' channels must be the filter's, or a multiple of them for a convolution in groups; they are {all} and {each}");
        }

        int groups = each == 0 ? 1 : all / each;
        if (outputs is { } filters && groups > 0 && filters % groups != 0)
        {
            throw inputs.Error($"{groups} groups ({all} channels, {each} of them per filter) must divide the filters, of which there are {filters}");
        }
    }
}
