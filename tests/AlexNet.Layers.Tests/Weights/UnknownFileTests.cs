using System.IO.Compression;
using System.Text;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Weights;

public sealed class UnknownFileTests
{
    [TestCase("", "empty")]
    [TestCase("MATLAB 5.0 MAT-file, Platform: GLNXA64", "scipy.io.loadmat")]
    [TestCase("\u0089HDF\r\n\u001a\n", "HDF5")]
    [TestCase("\u001f\u008b\u0008", "gzip")]
    [TestCase("\u00ff\u00d8\u00ff\u00e0", "picture")]
    [TestCase("version https://git-lfs.github.com/spec/v1\noid", "git lfs pull")]
    [TestCase("<!DOCTYPE html><html>404", "web page")]
    [TestCase("name: \"AlexNet\"\nlayer { name: \"conv1\" }", ".prototxt")]
    [TestCase("{\"a\": 1}", "text")]
    [TestCase("model_checkpoint_path: \"x\"", "checkpoint folder")]
    [TestCase("\u0000\u0000TFL3", "known")]
    [TestCase("\u001c\u0000\u0000\u0000TFL3", "TensorFlow Lite")]
    [TestCase("\u0000\u0001\u0002", "no format that is known")]
    public void A_file_of_another_kind_is_called_by_its_name(string content, string reason)
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["bvlc_alexnet.npy"], Encoding.Latin1.GetBytes(content));
        string message = Assert.Throws<FileFormatException>(() => WeightFile.Open(folder["bvlc_alexnet.npy"]).Dispose())!.Message;
        Assert.That(message, Does.Contain(reason).And.Contain(folder["bvlc_alexnet.npy"]));
    }

    [Test]
    public void A_zip_without_weights_lists_what_it_holds()
    {
        using var folder = new TempFolder();
        using (var zip = new ZipArchive(File.Create(folder["x"]), ZipArchiveMode.Create))
        {
            zip.CreateEntry("config.json");
            zip.CreateEntry("model.weights.h5");
        }

        Assert.That(Assert.Throws<FileFormatException>(() => WeightFile.Open(folder["x"]).Dispose())!.Message, Does.Contain("'config.json', 'model.weights.h5'"));
    }

    [Test]
    public void A_missing_file_is_named_with_the_place_where_it_was_looked_for()
    {
        InputFileException? error = Assert.Throws<InputFileException>(() => WeightFile.Open("alexnet-no-such-file.npy").Dispose());
        Assert.That(error!.IsMissing);
        Assert.That(error.Path, Is.EqualTo("alexnet-no-such-file.npy"));
        Assert.That(error.Message, Does.Contain("no such weight file").And.Contain(Path.GetFullPath("alexnet-no-such-file.npy")).And.Contain("full path"));
        Assert.That(error.InnerException, Is.TypeOf<FileNotFoundException>());
    }

    [Test]
    public void A_file_in_a_missing_folder_is_missing() =>
        Assert.That(Assert.Throws<InputFileException>(() => WeightFile.Open(Path.Combine(Path.GetTempPath(), "alexnet-no-such-folder", "x.npy")).Dispose())!.IsMissing);

    [Test]
    public void A_folder_that_holds_no_weights_is_told_as_one()
    {
        using var folder = new TempFolder();
        AlexNetException? error = Assert.Catch<AlexNetException>(() => WeightFile.Open(folder.Path).Dispose());
        Assert.That(error!.Message, Does.StartWith(folder.Path).And.Contain("folder"));
    }
}
