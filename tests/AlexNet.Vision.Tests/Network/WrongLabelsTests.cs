using AlexNetTF.Testing;

namespace AlexNetTF.Tests;

/// <summary>Labels or a number of classes that are not the weights'.</summary>
public class WrongLabelsTests
{
    private static readonly string Head = Path.Combine(Golden.Repository, "samples", "demo", "fashion.npy");

    [Test]
    public void LabelsOfAnotherNetworkAreTold()
    {
        var options = new ClassifierOptions { Seed = 1, Labels = new Labels(["cat", "dog", "cow"]) };
        FileFormatException? error = Assert.Throws<FileFormatException>(() => ImageClassifier.Load(Head, options).Dispose());
        Assert.That(error!.Message, Does.StartWith(Head).And.Contain("10 classes").And.Contain("labels given are 3").And.Contain("Give the labels"));
    }

    [Test]
    public void AnotherNumberOfClassesIsTold()
    {
        FileFormatException? error = Assert.Throws<FileFormatException>(() => ImageClassifier.Load(Head, new ClassifierOptions { Seed = 1, Classes = 1000 }).Dispose());
        Assert.That(error!.Message, Does.Contain("10 classes").And.Contain("ClassifierOptions.Classes is 1000"));
    }
}
