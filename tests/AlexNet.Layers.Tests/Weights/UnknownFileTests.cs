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
    public void A_missing_file_is_no_format_error() =>
        Assert.Throws<FileNotFoundException>(() => WeightFile.Open(Path.Combine(Path.GetTempPath(), "alexnet-no-such-file.npy")).Dispose());
}
