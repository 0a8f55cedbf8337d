namespace AlexNetTF.Weights;

/// <summary>Says what a file is that holds no weights we read.</summary>
internal static class UnknownFile
{
    public static FileFormatException Describe(WeightBytes file) => file.Length == 0
        ? file.Error(0, "the file is empty")
        : file.Error(0, "this is no weight file that is known: neither .npy nor .npz");
}
