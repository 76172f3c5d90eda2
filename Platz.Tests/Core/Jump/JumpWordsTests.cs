using Platz.Core.Jump;

namespace Platz.Tests.Core.Jump;

public sealed class JumpWordsTests
{
    [Theory]
    [InlineData("0199aB", "0199ab00-0000-0000-0000-000000000000", "0199abff-ffff-ffff-ffff-ffffffffffff")]
    [InlineData("0199ab12-3456", "0199ab12-3456-0000-0000-000000000000", "0199ab12-3456-ffff-ffff-ffffffffffff")]
    [InlineData("0199ab12-3456-7abc-8def-0123456789ab", "0199ab12-3456-7abc-8def-0123456789ab",
        "0199ab12-3456-7abc-8def-0123456789ab")]
    public void The_beginning_of_an_id_stands_for_all_ids_that_begin_so(string text, string first, string last) =>
        Assert.Equal((Guid.Parse(first), Guid.Parse(last)), JumpWords.Of(text).TaskIds);

    [Theory]
    [InlineData("0199a")]
    [InlineData("shop-0199ab")]
    [InlineData("0199ab shop")]
    [InlineData("0199ab12-3456-7abc-8def-0123456789abc")]
    [InlineData("")]
    public void Other_texts_are_no_ids(string text) => Assert.Null(JumpWords.Of(text).TaskIds);

    [Fact]
    public void Failed_beside_a_name_asks_for_failed_tasks_and_alone_is_a_name()
    {
        var beside = JumpWords.Of("Failed  Shop");
        Assert.True(beside.WantsFailed);
        Assert.Equal(["shop"], beside.Subject);
        var alone = JumpWords.Of("failed");
        Assert.False(alone.WantsFailed);
        Assert.Equal(["failed"], alone.Subject);
    }
}
