"""What botocore has read of its files serves every client of the process."""

from botocore.session import Session as Settings

from providers.route53.models import share_models


def loader_of(settings: Settings) -> object:
    share_models(settings)
    return settings.get_component("data_loader")


def test_every_session_uses_what_the_first_has_loaded() -> None:
    assert loader_of(Settings()) is loader_of(Settings())


def test_a_folder_of_models_of_ones_own_is_kept_apart() -> None:
    own = Settings()
    own.set_config_variable("data_path", "/srv/models")

    assert loader_of(own) is not loader_of(Settings())
