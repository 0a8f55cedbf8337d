using NumSharp;

namespace AlexNetTF.Tool;

/// <summary>A layer's activations, and conv1's filters, as pictures.</summary>
internal static class ActivationPictures
{
    public static void Write(string folder, string picture, string layer, int[] shape, float[] values)
    {
        NDArray array = values;
        FeatureImages.SaveActivations(array.reshape([1, .. shape]), PathArgument.OutputFor(folder, picture, $"-{layer}.png"));
    }

    public static void WriteFilters(ImageClassifier classifier, string folder)
    {
        Variable filters = classifier.Session.Graph.GlobalVariables().Single(variable => variable.Op.Name == "conv1/weights");
        FeatureImages.SaveFilters(classifier.Session.Run(filters.Value), Path.Combine(folder, "conv1-filters.png"), classifier.Preprocessing.Channels);
    }
}
