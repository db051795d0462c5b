using Shortline.Hosting.Settings.Sections;

namespace Shortline.Unit.Tests.Hosting.Settings;

public sealed class BuiltInOperationsTests : IDisposable
{
    private readonly SettingsFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("echo,file", "echo,file")]
    [InlineData(" Echo , HASH ", "echo,hash")]
    [InlineData("", "")]
    [InlineData("  ", "")]
    public void A_list_offers_exactly_the_operations_that_it_names(string text, string offered)
    {
        var operations = BuiltInOperations.TryParse(text)!;

        Assert.Equal(offered, $"{operations}");
        Assert.Equal(offered, string.Join(',', BuiltInOperations.Names.Where(operations.Offers)));
    }

    [Theory]
    [InlineData("echo,")]
    [InlineData("echo,echo")]
    [InlineData("compile")]
    [InlineData("all")]
    public void Other_texts_are_faults_that_list_the_names(string text)
    {
        var result = _fixture.Read("--server:operations", text);

        Assert.Contains("names out of echo, compute, hash, directory and file", Assert.Single(result.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void By_default_all_are_offered() => Assert.All(BuiltInOperations.Names, name => Assert.True(new ServerSettings().Operations.Offers(name)));
}
