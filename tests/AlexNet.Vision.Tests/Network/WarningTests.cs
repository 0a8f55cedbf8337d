using AlexNetTF.Testing;

namespace AlexNetTF.Tests;

/// <summary>A picture that was cut short has an answer and a warning, whichever way it is asked.</summary>
public class WarningTests
{
    [Test]
    public async Task OnePictureIsWarnedOfAsManyAre()
    {
        using ImageClassifier classifier = ImageClassifier.FromSeed(new ClassifierOptions { Seed = 1, Classes = 3 });
        string path = Golden.Photograph("zebra");
        byte[] whole = await File.ReadAllBytesAsync(path);
        byte[] cut = whole[..(whole.Length / 2)];

        IReadOnlyList<Prediction> answer = classifier.Classify(cut, out string? warning, top: 2);
        _ = classifier.Extract(cut, "fc8", out string? extracting);
        _ = classifier.Classify(path, out string? none);
        ClassifiedImage? same = null;
        await foreach (ClassifiedImage image in classifier.ClassifyAsync((ImageSource[])[cut], top: 2)) same = image;

        Assert.Multiple(() =>
        {
            Assert.That(warning, Does.Contain("ends early").And.EqualTo(same!.Warning));
            Assert.That(extracting, Is.EqualTo(warning));
            Assert.That(none, Is.Null);
            Assert.That(answer, Is.EqualTo(same.Predictions).And.EqualTo(classifier.Classify(cut, 2)));
        });
    }
}
