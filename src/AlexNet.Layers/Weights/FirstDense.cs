namespace AlexNetTF.Weights;

/// <summary>The dense layer behind the convolutions, whose rows follow the order in which the picture was flattened.</summary>
internal static class FirstDense
{
    /// <summary>Rows from channels × height × width to TensorFlow's height × width × channels; unchanged, with a note, where the numbers do not divide.</summary>
    public static TensorLayout Rows(TensorLayout layout, long channels, string layer, string convolution, List<string> notes)
    {
        if (channels > 0 && layout.Shape[0] % channels == 0)
        {
            return layout.RowsFromChw(channels);
        }

        notes.Add($"the {layout.Shape[0]:N0} inputs of '{layer}' are no multiple of the {channels:N0} channels of '{convolution}'; its rows were left in the file's order");
        return layout;
    }
}
