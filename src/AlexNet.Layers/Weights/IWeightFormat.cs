namespace AlexNetTF.Weights;

/// <summary>
/// One format of weight files. To add one: implement this in a file of its own, return entries made by
/// <see cref="WeightEntries"/>, and add it to the list in <see cref="WeightFile"/>.
/// </summary>
internal interface IWeightFormat
{
    /// <summary>Whether the content is of this format, judged by its first bytes or its outer structure, never by its name.</summary>
    bool Recognises(WeightBytes file);

    /// <summary>Reads the table of tensors, not their values. The source owns the file from here on.</summary>
    /// <exception cref="FileFormatException">The file is damaged, or holds what is refused.</exception>
    WeightSource Open(WeightBytes file);
}
